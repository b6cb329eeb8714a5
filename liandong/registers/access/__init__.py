"""权限 access: who is signed in, what they may see and do, and why.

Holds      Account, SignInSession, TaskGrant, AllyGrant
States     –
Announces  SignedIn, SignInFailed
Verbs      accounts:manage
Basis      网络安全等级保护 GB/T 22239-2019 §8.1.4 (身份鉴别、访问控制)
Looks back jurisdictions
"""
