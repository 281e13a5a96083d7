import { ROOM, type JanusAddresses } from './janus-process.js';
import { importThirdParty } from './third-party.js';

// The parts of janode that these tests use: the package has types of its own only for TypeScript projects that install it.

interface VideoRoomHandle {
  listParticipants(options: { room: number }): Promise<{ participants: readonly { feed: number }[] }>;
  detach(): Promise<void>;
}

interface Session {
  attach(plugin: unknown): Promise<VideoRoomHandle>;
}

export interface Connection {
  create(): Promise<Session>;
  listSessions(): Promise<{ sessions: readonly number[] }>;
  listHandles(session: number): Promise<{ handles: readonly number[] }>;
  handleInfo(session: number, handle: number): Promise<{ info: { plugin?: string } }>;
  close(): Promise<void>;
}

interface Janode {
  readonly Logger: { setLevel(level: 'none'): unknown };
  connect(options: { is_admin: boolean; address: { url: string; apisecret?: string } }): Promise<Connection>;
}

/** A look into Janus by its own APIs. */
export interface JanusView {
  /** The plugin of each open handle: one per broadcast and per viewer. */
  handles(): Promise<readonly string[]>;
  /** The broadcasts in the room. */
  feeds(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Loads janode, without its messages: it reports the end of each handle as an error too. */
export async function loadJanode(): Promise<Janode> {
  const { default: janode } = (await importThirdParty('janode/src/janode.js')) as { default: Janode };
  janode.Logger.setLevel('none');
  return janode;
}

export async function lookIntoJanus({ api, admin }: JanusAddresses): Promise<JanusView> {
  const janode = await loadJanode();
  const { default: videoRoom } = (await importThirdParty('janode/src/plugins/videoroom-plugin.js')) as {
    default: unknown;
  };
  const connection = await janode.connect({ is_admin: true, address: admin });
  const room = await janode.connect({ is_admin: false, address: { url: api } });
  const session = await room.create();
  return {
    async handles() {
      const { sessions } = await connection.listSessions();
      const ofSession = async (id: number): Promise<string[]> => {
        const { handles } = await connection.listHandles(id);
        return Promise.all(
          handles.map(async (handle) => (await connection.handleInfo(id, handle)).info.plugin ?? 'no plugin'),
        );
      };
      return (await Promise.all(sessions.map(ofSession))).flat().sort();
    },
    async feeds() {
      const handle = await session.attach(videoRoom);
      const { participants } = await handle.listParticipants({ room: ROOM });
      await handle.detach();
      return participants.map(({ feed }) => feed);
    },
    async close() {
      await connection.close();
      await room.close();
    },
  };
}
