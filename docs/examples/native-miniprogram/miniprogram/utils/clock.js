/** Formats seconds as m:ss. */
const format = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

module.exports = { format };
