import { ready, Tea } from '../../brewing';

const sencha: Tea = { name: 'Sencha', minutes: 2 };

Page({
  data: { text: '' },
  onLoad(): void {
    this.setData({ text: ready(sencha, Date.now()) });
  }
});
