import { render } from 'preact'
import { App } from './app'
import { startRouter } from './router'
import { start } from './store'
import './styles/tokens.css'
import './styles/base.css'
import './styles/values.css'
import './styles/board.css'
import './styles/tile.css'
import './styles/session.css'
import './styles/session-body.css'
import './styles/dialogs.css'
import './styles/entry.css'
import './styles/start.css'
import './styles/motion.css'
import './styles/narrow.css'
import './styles/notice.css'
import './styles/narrow-dialogs.css'
import { applyTheme, theme } from './theme'

applyTheme(theme.value)
startRouter()
start()
const root = document.getElementById('app')
if (root) render(<App />, root)
