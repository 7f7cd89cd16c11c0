// A PostgreSQL with pgvector on a loopback port: node server.mjs PORT [DATA]. PORT 0 picks one; DATA is a folder, or memory when left out.
// Prints the port when it takes connections, and ends when its standard input does, so that it never outlives who started it.
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const [port, dataDir] = process.argv.slice(2)
const db = await PGlite.create({ dataDir, extensions: { vector } })
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: Number(port), maxConnections: 50 })
server.addEventListener('listening', (event) => console.log(event.detail.port))
await server.start()
process.stdin.on('end', () => process.exit(0)).resume()
