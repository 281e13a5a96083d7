// Loaded before a TypeScript entry: a starter that is killed outright forwards no signal, and its child would keep the
// port.
if (process.channel) {
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}
