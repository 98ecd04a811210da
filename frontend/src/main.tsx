import { render } from 'preact'
import { watchDoubt } from './access/doubt'
import { begin, socketSignedOut } from './access/enter'
import { watchIdle } from './access/idle'
import { takeLink } from './access/link'
import { countUnreviewed } from './admin/unreviewed'
import { App } from './app'
import { startKeys } from './keys/keys'
import { startRouter } from './router'
import { startSound } from './sound/sound'
import { start, startClock, stop } from './store'
import './styles/tokens.css'
import './styles/base.css'
import './styles/values.css'
import './styles/board.css'
import './styles/tile.css'
import './styles/tile-forms.css'
import './styles/tile-wall.css'
import './styles/tile-quiet.css'
import './styles/session.css'
import './styles/session-body.css'
import './styles/dialogs.css'
import './styles/entry.css'
import './styles/entry-narrow.css'
import './styles/entry-result.css'
import './styles/start.css'
import './styles/motion.css'
import './styles/narrow.css'
import './styles/notice.css'
import './styles/help.css'
import './styles/controls.css'
import './styles/care.css'
import './styles/care-dialogs.css'
import './styles/narrow-dialogs.css'
import './styles/access.css'
import './styles/pin.css'
import './styles/account.css'
import './styles/quiet.css'
import './styles/keys.css'
import { applyTheme, theme } from './theme'
import { preload } from './ui/lazy'

applyTheme(theme.value)
const link = takeLink()
startRouter()
startClock(() => void socketSignedOut())
void begin({ start, stop }, link)
watchIdle()
watchDoubt()
countUnreviewed()
startSound()
startKeys()
const root = document.getElementById('app')
if (root) render(<App />, root)
preload()
