const dayjs = require('dayjs');

Page({
  data: { text: '' },
  onLoad() {
    this.setData({ text: `Open until ${dayjs().hour(18).minute(0).format('HH:mm')}` });
  }
});
