import { afterEach, describe, expect, it, vi } from 'vitest'
import { Secret, takeSecret } from '../../src/admin/secret'
import { wallAddress } from '../../src/admin/tokens/secret'
import { createToken, createUser } from '../../src/api/admin'

afterEach(() => {
  vi.unstubAllGlobals()
})

function answering(body: unknown): void {
  const headers = { 'content-type': 'application/json' }
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body), { status: 201, headers }))
}

describe('what is shown once', () => {
  it('is gone when it was forgotten', () => {
    const secret = new Secret('k3fzp-9wqmt')
    expect(secret.reveal()).toBe('k3fzp-9wqmt')
    secret.forget()
    expect(secret.reveal()).toBeNull()
  })

  it('is never written down by accident', () => {
    const secret = new Secret('k3fzp-9wqmt')
    expect(JSON.stringify({ secret })).not.toContain('k3fzp')
    expect(`${secret}`).not.toContain('k3fzp')
    expect(Object.values(secret)).toEqual([])
  })

  it('is taken out of the answer that goes into lists', async () => {
    answering({ id: 'u1', name: 'a.lovelace', password: 'k3fzp-9wqmt' })
    const made = await createUser({ id: 'u1', name: 'a.lovelace', display_name: 'Ada', role: 'nurse' })
    expect(made.secret?.reveal()).toBe('k3fzp-9wqmt')
    expect(JSON.stringify(made)).not.toContain('k3fzp')
  })

  it('is told as lost when the answer that carried it was', async () => {
    answering({ id: 't1', name: 'Hall', role: 'viewer' })
    const made = await createToken({ id: 't1', name: 'Hall', role: 'viewer' })
    expect(made.secret).toBeNull()
  })

  it('takes the link of a wall screen and the token of a program alike', async () => {
    answering({ id: 't1', name: 'Hall', role: 'viewer', link: '/wall#abc' })
    expect((await createToken({ id: 't1', name: 'Hall' })).secret?.reveal()).toBe('/wall#abc')
    answering({ id: 't1', name: 'Monitor', role: 'device', token: 'p.s' })
    expect((await createToken({ id: 't1', name: 'Monitor' })).secret?.reveal()).toBe('p.s')
  })

  it('leaves an answer without one as it is', () => {
    expect(takeSecret({ a: 1, token: null }, 'token')).toEqual({ rest: { a: 1 }, secret: null })
  })

  it('is told as a whole address with the secret behind the mark', () => {
    expect(wallAddress('/wall#abc')).toBe(`${location.origin}/wall#abc`)
  })
})
