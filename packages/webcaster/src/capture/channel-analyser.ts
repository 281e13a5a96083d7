/** The two channels of a track. A mix of both would lose what they have in opposite phase. */
const CHANNELS = [0, 1] as const;

/** Reads the samples of each channel of what is connected to its input. */
export class ChannelAnalyser {
  readonly input: AudioNode;
  readonly #analysers: readonly AnalyserNode[];
  readonly #samples: Float32Array<ArrayBuffer>;

  /** @param fftSize - samples of a reading. */
  constructor(context: AudioContext, fftSize: number) {
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: CHANNELS.length });
    this.input = splitter;
    this.#samples = new Float32Array(fftSize);
    this.#analysers = CHANNELS.map((channel) => {
      const analyser = new AnalyserNode(context, { fftSize });
      splitter.connect(analyser, channel);
      return analyser;
    });
  }

  /** The largest of what a function makes of each channel's samples. A mono track has a silent second channel. */
  loudest<Reading>(read: (samples: Float32Array) => Reading, levelOf: (reading: Reading) => number): Reading {
    const [first, ...others] = this.#analysers.map((analyser) => {
      analyser.getFloatTimeDomainData(this.#samples);
      return read(this.#samples);
    });
    return others.reduce(
      (loudest, reading) => (levelOf(reading) > levelOf(loudest) ? reading : loudest),
      first as Reading,
    );
  }
}
