import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { builtCli } from './gatecast-cli.js';

/** Why no command can run at a terminal here; `false` if it can. */
export const missingTerminal: string | false =
  spawnSync('script', ['--version']).status === 0
    ? false
    : 'There is no command "script" of util-linux, which makes a pseudo terminal.';

const DROP_RIGHTS = ['setpriv', '--bounding-set=-dac_override'];
const isSuperuser = process.getuid?.() === 0;

/** Shell command before `gatecast`, with which the modes of files count for the superuser, too. */
export const asOwner = isSuperuser ? `exec ${DROP_RIGHTS.join(' ')}` : 'exec';

/** Why no command can run with the rights of a file’s owner; `false` if it can. */
export const missingOwner: string | false =
  !isSuperuser || spawnSync(DROP_RIGHTS[0] ?? '', [...DROP_RIGHTS.slice(1), 'true']).status === 0
    ? false
    : 'The superuser cannot give up its rights here.';

export const ENTER = '\r';
export const CTRL_C = '\x03';
export const CTRL_D = '\x04';
export const LEFT = '\x1b[D';
/** What moves the cursor of the terminal. */
export const LEFT_ECHO = '\x1b[1D';
export const UP = '\x1b[A';
export const BACKSPACE = '\x7f';

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Width in characters. */
  readonly columns?: number;
  /** Shell command instead of `gatecast`. */
  readonly command?: string;
}

/** `gatecast` at a pseudo terminal, as a person has it. */
export class AtTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown[]>;
  #isClosed = false;
  #raw = '';
  #seen = 0;
  #woken: () => void = () => undefined;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#closed = once(child, 'close').finally(() => {
      this.#isClosed = true;
      this.#woken();
    });
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#raw += text;
      this.#woken();
    });
  }

  static async start(args: readonly string[], options: TerminalOptions): Promise<AtTerminal> {
    const { cwd, env = {}, columns = 80 } = options;
    const words = [process.execPath, await builtCli(), ...args].map(quote).join(' ');
    const command = `stty cols ${String(columns)} rows 24; ${options.command ?? 'exec'} ${words}`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd,
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', ...env },
    });
    return new AtTerminal(child);
  }

  /** All that the terminal has received, with its control sequences. */
  get raw(): string {
    return this.#raw;
  }

  /** What a person reads. */
  get screen(): string {
    return withoutControls(this.#raw);
  }

  /** Waits until new output has this text, as a person does before typing. */
  async sees(words: string): Promise<void> {
    for (;;) {
      const at = this.screen.indexOf(words, this.#seen);
      if (at >= 0) {
        this.#seen = at + words.length;
        return;
      }
      if (this.#isClosed) throw new Error(`The command ended, and did not write "${words}":\n${this.screen}`);
      await new Promise<void>((resolve) => (this.#woken = resolve));
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Presses a key, and waits until the terminal shows it: several at once count as pasted, and do not edit. */
  async press(key: string, echo: string): Promise<void> {
    const before = this.#raw.length;
    this.type(key);
    while (!this.#raw.includes(echo, before) && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#woken = resolve));
  }

  async answer(question: string, keys: string): Promise<void> {
    await this.sees(question);
    this.type(`${keys}${ENTER}`);
  }

  /** Waits until the command has ended. */
  async end(): Promise<{ code: number; screen: string }> {
    const [code] = await this.#closed;
    return { code: Number(code), screen: this.screen };
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function withoutControls(text: string): string {
  return text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}
