// The Auth emulator of firebase-tools without its command line, which looks for the network first: node auth-emulator.mjs TOOLS PROJECT PORT
import { createRequire } from 'node:module';

const [tools, project, port] = process.argv.slice(2);
const { createApp } = createRequire(tools)('./lib/emulator/auth/server.js');
const app = await createApp(project);
app.listen(Number(port), '127.0.0.1', () => console.log('now running'));
