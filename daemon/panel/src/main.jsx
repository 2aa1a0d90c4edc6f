// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { begin } from './chair.js';
import { Frame } from './frame.jsx';
import { kept_login } from './login.jsx';

begin(kept_login());
render(<Frame />, document.getElementById('panel'));
