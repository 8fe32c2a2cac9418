// BenchSupport: what measurements and the crash test share: a server as a child process, and a data folder that is filled before it starts.
// May import: every module of the embedded form, LoadClient, NIO.
