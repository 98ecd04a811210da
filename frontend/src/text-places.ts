/** Names of the pages for administrators and auditors; apart from their sentences, which come with the pages. */
export const places = {
  users: 'Users',
  tokens: 'Devices and tokens',
  emergencies: 'Emergency access',
  audit: 'Access log',
}
