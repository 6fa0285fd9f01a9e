const { format } = require('../../utils/clock');

Page({
  data: { teas: [], clock: format(0) },

  onLoad() {
    this.setData({ teas: getApp().globalData.teas });
  },

  onUnload() {
    clearInterval(this.timer);
  },

  start(event) {
    clearInterval(this.timer);
    let seconds = event.currentTarget.dataset.minutes * 60;
    this.setData({ clock: format(seconds) });
    this.timer = setInterval(() => {
      seconds -= 1;
      this.setData({ clock: format(seconds) });
      if (seconds === 0) {
        clearInterval(this.timer);
        wx.vibrateLong();
      }
    }, 1000);
  },
});
