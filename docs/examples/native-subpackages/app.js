const dayjs = require('dayjs');

App({
  globalData: { started: dayjs().format('YYYY-MM-DD HH:mm') }
});
