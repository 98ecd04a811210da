import { render } from 'preact'
import { App } from './app'
import { startRouter } from './router'
import { startSound } from './sound/sound'
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
import './styles/help.css'
import './styles/controls.css'
import './styles/care.css'
import './styles/care-dialogs.css'
import './styles/narrow-dialogs.css'
import { applyTheme, theme } from './theme'
import { preload } from './ui/lazy'

const PRELOAD_MS = 1_500 // what is on the page comes first

applyTheme(theme.value)
startRouter()
start()
startSound()
const root = document.getElementById('app')
if (root) render(<App />, root)
setTimeout(preload, PRELOAD_MS)
