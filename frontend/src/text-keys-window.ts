/** Sentences of the window that lists the keys; read only when it is opened. */
export const keysWindowText = {
  title: 'Keys',
  where: { board: 'Board', session: 'Session page', everywhere: 'Everywhere' },
  keys: {
    board: [
      { keys: ['←', '→', '↑', '↓'], what: 'pick a room' },
      { keys: ['1', '…', '24'], what: 'pick a room by its number' },
      { keys: ['Enter'], what: 'open the room that is picked' },
      { keys: ['A'], what: 'go to its most urgent alarm' },
      { keys: ['A', 'then Enter'], what: 'acknowledge it; not if it changed in between' },
      { keys: ['V'], what: 'enter vitals for the room that is picked' },
    ],
    session: [
      { keys: ['A'], what: 'go to the most urgent alarm; Enter acknowledges' },
      { keys: ['V'], what: 'enter vitals' },
    ],
    everywhere: [
      { keys: ['Tab'], what: 'from control to control' },
      { keys: ['Esc'], what: 'close a window' },
      { keys: ['?'], what: 'this list' },
    ],
  },
  hold: 'What is held for a second with a finger is held with Enter or the space bar too.',
  letters: 'Keys of one letter or number work',
  lettersHint:
    'Switch them off if you dictate or if keys are pressed by mistake. They never work while you type in a field or a window is open.',
}
