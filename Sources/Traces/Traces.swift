// Traces: reads who sent what when, from files of lines time_ms,chat,sender,size, plain or gzipped, a piece at a time.
// May import: Glibc, CZlib.
