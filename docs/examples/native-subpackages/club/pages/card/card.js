Page({
  data: { text: 'Member since spring' }
});
