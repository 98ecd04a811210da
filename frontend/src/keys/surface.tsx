import { lazy } from '../ui/lazy'
import { keySaid, keysHelp } from './settings'

const KeysWindow = lazy(() => import('./window'))

/** What keys have to say, seen and read out, and the window that lists them. */
export function KeysSurface() {
  const said = keySaid.value
  return (
    <>
      <p class="keys-said" role="status" data-testid="keys-said" data-said={said !== ''}>
        {said}
      </p>
      {keysHelp.value && (
        <KeysWindow
          onClose={() => {
            keysHelp.value = false
          }}
        />
      )}
    </>
  )
}
