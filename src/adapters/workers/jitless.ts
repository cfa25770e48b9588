// Workers may not make code from text: zod is told so before anything makes a schema. To be imported first.
import { z } from 'zod'

z.config({ jitless: true })
