export {
  countLevels,
  isServerTopic,
  isTopicName,
  maximumTopicBytes,
  parseFilter,
  type TopicFilter,
  topicMatches
} from './filter.js'
export type { SharedGroup, SharedMember } from './shared-group.js'
export { type Match, SubscriptionTable } from './subscription-table.js'
export { type SubscriptionOptions, type Target, withoutNoLocal } from './target.js'
export { Topic } from './topic.js'
export { TopicTable, type TopicTableOptions } from './topic-table.js'
export { TopicTree } from './topic-tree.js'
