globalThis.AnotherUser = class {};
