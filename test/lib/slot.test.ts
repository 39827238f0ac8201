import t from 'tap'
import { Slot } from '../../lib/index.js'

function owner() {
  let slots = 0
  return { nextSlot: () => slots++ }
}

t.test('slots of one owner keep apart what they keep on one holder', t => {
  const stack = owner()
  const [a, b, c] = [new Slot<string>(stack), new Slot<number>(stack), new Slot<boolean>(stack)]
  const holder = { slots: [] as unknown[] }
  t.equal(c.get(holder), undefined)
  t.equal(c.set(holder, true), true)
  t.equal(a.set(holder, 'a'), 'a')
  t.equal(b.get(holder), undefined)
  b.set(holder, 0)
  t.same([a.get(holder), b.get(holder), c.get(holder)], ['a', 0, true])
  a.set(holder, 'again')
  t.equal(a.get(holder), 'again')
  t.end()
})

t.test('delete() forgets one slot of one holder', t => {
  const stack = owner()
  const [a, b] = [new Slot<string>(stack), new Slot<string>(stack)]
  const [one, two] = [{ slots: [] as unknown[] }, { slots: [] as unknown[] }]
  for (const holder of [one, two]) {
    a.set(holder, 'a')
    b.set(holder, 'b')
  }
  a.delete(one)
  t.same([a.get(one), b.get(one), a.get(two), b.get(two)], [undefined, 'b', 'a', 'b'])
  t.end()
})

t.test('the array of slots stays packed, so that reads stay fast', t => {
  const stack = owner()
  const slots = Array.from({ length: 8 }, () => new Slot<number>(stack))
  const holder = { slots: [] as unknown[] }
  slots[7]!.delete(holder)
  t.same(holder.slots, [], 'deleting what was never set makes nothing')
  slots[5]!.set(holder, 5)
  t.equal(holder.slots.length, 6)
  for (let i = 0; i < 6; i++) t.ok(i in holder.slots, `no hole at ${i}`)
  t.end()
})
