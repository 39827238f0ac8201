/** Runs jobs, so many at a time; results in the order of the jobs. */
export async function pool<T, R>(
  jobs: readonly T[],
  parallel: number,
  run: (job: T) => Promise<R>
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    while (next < jobs.length) {
      const at = next++
      results[at] = await run(jobs[at]!)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return results
}
