const mitt = require('mitt');

const orders = mitt();

Page({
  data: { text: 'No orders yet' },
  onLoad() {
    orders.on('order', (order) => this.setData({ text: order.name }));
  }
});
