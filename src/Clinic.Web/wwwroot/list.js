// The list of runs: kept up to date as long as nobody is choosing.
import { refreshParts } from './refresh.js';

const seconds = 5;

setInterval(() => {
  if (!document.hidden && !document.querySelector('#runs input:checked')) {
    refreshParts();
  }
}, seconds * 1000);
