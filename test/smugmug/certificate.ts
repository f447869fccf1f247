/**
 * A certificate for 127.0.0.1 that nobody trusts but a test that names it, and its key. Made for these tests
 * (`openssl ca -selfsign`, 2020 to 2120) and worth nothing elsewhere.
 */
export const testCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGkf03tb3s1L2jLTJ
fjBMOnb0d09YsjYCTQYFEste5TmhRANCAARjzJv1VKEP9OekiMdiwkimfMwkpY1g
yxv/A84bDW/pgOpilxmUFkeRS2Q3OMGhs5wcGL5tmeZRbDc8yFCzXPmt
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBazCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtzbXVnZGwg
dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
AwwLc211Z2RsIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARjzJv1VKEP
9OekiMdiwkimfMwkpY1gyxv/A84bDW/pgOpilxmUFkeRS2Q3OMGhs5wcGL5tmeZR
bDc8yFCzXPmto04wTDAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGHBH8AAAGC
CWxvY2FsaG9zdDAdBgNVHQ4EFgQURPlXE982Jbz1fyNRYgSI1yWBinIwCgYIKoZI
zj0EAwIDSAAwRQIgBHQ66E051AJ06Y0lJl609yVWr/BJ5FpbK2+QeHG2iLUCIQDI
i+X3wTmU1TCTJyC6wS2ppD7t2XmumZO74TzTYp2Cew==
-----END CERTIFICATE-----
`,
}
