/**
 * A self-signed certificate for 127.0.0.1 and localhost, for the simulator's `tls` option and a client's `--ca-file`. It
 * protects nothing: its key is here for everybody to read.
 */
export const certificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBqTCCAU+gAwIBAgIULXmbFz5ciCb8G4m5o6vMsL87VEEwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQc211Z2RsIHNpbXVsYXRvcjAgFw0yNjExMjQwNjA3MDdaGA8y
MTI2MTAzMTA2MDcwN1owGzEZMBcGA1UEAwwQc211Z2RsIHNpbXVsYXRvcjBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABFC6VpUB7RFiNtcRL2EqzywKnJw55rP//uAG
PIXsYAoJ5q+XvPibs4/U3AGl5u8ryXKYneOTJCDOnEQvoiJztvijbzBtMB0GA1Ud
DgQWBBScakgwbwyQmb983eUGYWsArkZJTTAfBgNVHSMEGDAWgBScakgwbwyQmb98
3eUGYWsArkZJTTAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGHBH8AAAGCCWxv
Y2FsaG9zdDAKBggqhkjOPQQDAgNIADBFAiBZ4SFPdVeZBKxlGn3TsJ9Q4g72oVYl
XpqGbV+JLUxwJAIhAMcLB1CG00DjP2hDlKGxlhT5w4odJbl0t+l0nA6yEjsp
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgN6AEqj0CP4WSiYvY
17Ud3cgS9c1z87XnLCeWyi16inWhRANCAARQulaVAe0RYjbXES9hKs8sCpycOeaz
//7gBjyF7GAKCeavl7z4m7OP1NwBpebvK8lymJ3jkyQgzpxEL6Iic7b4
-----END PRIVATE KEY-----
`,
}
