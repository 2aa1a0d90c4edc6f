// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { begin } from './chair.js';
import { Frame } from './frame.jsx';
import { kept_login } from './login.jsx';

begin(kept_login());
// In a task of its own: a socket that has opened by now is used first, and the broker answers while
// the view is drawn.
setTimeout(() => render(<Frame />, document.getElementById('panel')));
