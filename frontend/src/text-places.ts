/** Names of the pages beside the board; apart from their sentences, which come with the pages. */
export const places = {
  sessions: 'Sessions',
  clinic: 'Clinic',
  users: 'Users',
  tokens: 'Devices and tokens',
  emergencies: 'Emergency access',
  audit: 'Access log',
}
