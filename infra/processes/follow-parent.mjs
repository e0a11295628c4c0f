// Preloaded into every Node process the supervisor starts: when the supervisor is gone, however it went, the
// channel to it closes, and this process ends at the latest after the time it needs to stop in order.
const limit_s = Number(process.env.WATTPROOF_FOLLOW_LIMIT_S ?? 12);

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), limit_s * 1000);
});
