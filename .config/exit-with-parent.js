// Loaded before a TypeScript entry: when the command that started it is killed outright, and so forwards no
// signal, nothing stays behind that holds the port.
if (process.channel) {
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}
