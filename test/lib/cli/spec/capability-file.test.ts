import t from 'tap'
import { capabilityFile } from '../../../../lib/cli/spec/capability-file.js'
import { capabilityExample } from '../../../../lib/cli/spec/help.js'
import { assumed } from '../../../../spec-suite/protocol/broker/facts.js'

const problems = (content: unknown) =>
  capabilityFile('b.json', typeof content === 'string' ? content : JSON.stringify(content)).problems

t.test('the example of the help is a capability file, with everything there is', async t => {
  const { file, problems } = capabilityFile('b.json', capabilityExample)
  t.same(problems, [])
  t.same(Object.keys(file).sort(), ['also', 'capabilities', 'knownFailures'])
  t.same(Object.keys(file.capabilities!).sort(), Object.keys(assumed).sort())
})

t.test('comments are left out, what looks like one in a text is not', async t => {
  const { file } = capabilityFile('b', '// a "file"\n{ "also": [{ "url": "mqtt://a//b\\"//" }] } // end')
  t.same(file, { also: [{ url: 'mqtt://a//b"//' }] })
})

t.test('a byte order mark, as editors write it, is no mistake', async t => {
  t.same(capabilityFile('b', '\uFEFF{ "also": [] }'), { file: { also: [] }, problems: [] })
})

t.test('what is no JSON is told with its place', async t => {
  t.match(problems('{\n  "also": ] }'), [/^b\.json is no JSON: .*Unexpected token.*\]/])
  t.match(problems('{ "also": []\n  "x": 1 }'), [/^b\.json is no JSON: line 2, column 3: Expected ','/])
  t.same(problems('{ "also": ['), ['b.json is no JSON: it ends too early'])
  t.same(problems('[]'), ['b.json: the file is no object'])
})

t.test('everything that is wrong is told at once', async t => {
  t.same(
    problems({
      capabilites: {},
      capabilities: {
        ...{ retain: 'yes', maximumQos: 3, versions: ['3.1'], receiveMaximum: 0, maximumPacketSize: null },
        ...{ webSocketUrl: 'http://x', maximumQoS: 1 },
        enhancedAuthentication: { method: 'X', answers: 'a', wrongg: '' }
      },
      knownFailures: { '5.0:granted-qs': 'x', 'granted-qos': 1 },
      also: [{ username: 'a' }, { url: 'localhost', capabilities: { retain: 1 } }, 7]
    }),
    [
      "b.json: unknown key 'capabilites': did you mean capabilities?",
      'b.json: capabilities.retain is "yes": give true or false',
      'b.json: capabilities.maximumQos is 3: give an integer from 0 to 2',
      'b.json: capabilities.versions is ["3.1"]: give a list of "3.1.1" and "5.0"',
      'b.json: capabilities.receiveMaximum is 0: give an integer from 1 to 65535',
      'b.json: capabilities.webSocketUrl is "http://x": give a URL (ws://host:port/path), or null',
      "b.json: unknown key 'capabilities.maximumQoS': did you mean maximumQos?",
      'b.json: capabilities.enhancedAuthentication.answers is "a": give a list of texts',
      "b.json: unknown key 'capabilities.enhancedAuthentication.wrongg': did you mean wrong?",
      'b.json: capabilities.enhancedAuthentication.wrong is missing',
      "b.json: knownFailures: there is no case '5.0:granted-qs': did you mean 5.0:granted-qos?",
      "b.json: knownFailures['granted-qos'] is 1: give a text",
      'b.json: also[0].url is missing',
      "b.json: also[1].url: 'localhost' is no broker: give mqtt://host:port, mqtts://…, ws://host:port/path or wss://…",
      'b.json: also[1].capabilities.retain is 1: give true or false',
      'b.json: also[2] is no object'
    ]
  )
  t.match(problems({ capabilities: { nonsense: 1 } }), [
    /unknown key 'capabilities\.nonsense': there are versions, retain/
  ])
})
