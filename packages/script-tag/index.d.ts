/** Sets texts of a language; the keys are those of `setPlayerMessages` of `@gatecast/player`. */
export declare function setPlayerMessages(
  language: string,
  messages: Readonly<Record<string, string>>,
): Promise<void>;

/** Sets texts of a language; the keys are those of `setWebcasterMessages` of `@gatecast/webcaster`. */
export declare function setWebcasterMessages(
  language: string,
  messages: Readonly<Record<string, string>>,
): Promise<void>;
