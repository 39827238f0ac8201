import type { CaseDefinition } from '../../case.js'
import { grantedQos } from './3-8-granted-qos.js'
import {
  subscribeFlags,
  subscribeIllFormed,
  subscribeOptionValues,
  subscribeReservedBits,
  subscribeWithoutFilter
} from './3-8-malformed-subscribe.js'
import { noLocal, noLocalOnlyThere, noLocalShared } from './3-8-no-local.js'
import {
  subscribeForeignProperties,
  subscribeUserProperties,
  subscriptionIdentifierValues,
  unsubscribeForeignProperties
} from './3-8-properties.js'
import {
  resubscribeIdentifier,
  resubscribeNoLocal,
  resubscribeReplaces,
  resubscribeRetained,
  resubscribeWithoutGap
} from './3-8-resubscribe.js'
import { ruledOutIdentifiers, ruledOutShared, ruledOutWildcards } from './3-8-ruled-out.js'
import { filterTwice, severalFilters } from './3-8-several-filters.js'
import { subackCodes, subackIdentifiers, subackOfRefusedFilter, subackOrder } from './3-8-suback.js'
import { unsubscribeAmidQos1, unsubscribeAmidQos2 } from './3-10-deliveries-go-on.js'
import {
  unsubscribeFlags,
  unsubscribeIllFormed,
  unsubscribeWithoutFilter
} from './3-10-malformed-unsubscribe.js'
import { unsubackCodes, unsubackIdentifiers, unsubackOfUnknown } from './3-10-unsuback.js'
import { unsubscribeExactly, unsubscribeSeveral, unsubscribeStops } from './3-10-unsubscribe.js'
import { refusingSubackFits, subackFits, unsubackFits } from './3-11-maximum-packet-size.js'
import { pingAnswered } from './3-12-ping.js'
import { dollarTopics } from './4-7-dollar-topics.js'
import { emptyTopics, emptyUnsubscribe, exactTopics, longTopic, nullInTopics } from './4-7-topics.js'
import {
  multiLevelAlone,
  multiLevelMisused,
  multiLevelWildcard,
  singleLevelMisused,
  singleLevelWildcard,
  wildcardsInTopic,
  wildcardsInWillTopic
} from './4-7-wildcards.js'
import { shareNameMissing, shareNames, shareNameWrong, shareWithoutFilter } from './4-8-share-names.js'
import { sharedAndNormal, sharedGroups, sharedLeave, sharedOnce, sharedRetained } from './4-8-shared.js'
import {
  sharedQos2Completed,
  sharedQos2Ended,
  sharedQos2Expired,
  sharedRefusedQos1,
  sharedRefusedQos2
} from './4-8-shared-in-flight.js'
import { sharedGrantedQos } from './4-8-shared-quality.js'

export const subscribeCases: readonly CaseDefinition[] = [
  grantedQos,
  subscribeFlags,
  subscribeIllFormed,
  subscribeWithoutFilter,
  subscribeReservedBits,
  subscribeOptionValues,
  noLocal,
  noLocalOnlyThere,
  noLocalShared,
  subscriptionIdentifierValues,
  subscribeForeignProperties,
  unsubscribeForeignProperties,
  subscribeUserProperties,
  resubscribeReplaces,
  resubscribeIdentifier,
  resubscribeNoLocal,
  resubscribeRetained,
  resubscribeWithoutGap,
  ruledOutWildcards,
  ruledOutShared,
  ruledOutIdentifiers,
  severalFilters,
  filterTwice,
  subackIdentifiers,
  subackCodes,
  subackOrder,
  subackOfRefusedFilter,
  unsubscribeAmidQos2,
  unsubscribeAmidQos1,
  unsubscribeFlags,
  unsubscribeIllFormed,
  unsubscribeWithoutFilter,
  unsubackIdentifiers,
  unsubackOfUnknown,
  unsubackCodes,
  unsubscribeStops,
  unsubscribeExactly,
  unsubscribeSeveral,
  subackFits,
  refusingSubackFits,
  unsubackFits,
  pingAnswered,
  dollarTopics,
  emptyTopics,
  emptyUnsubscribe,
  nullInTopics,
  exactTopics,
  longTopic,
  wildcardsInTopic,
  wildcardsInWillTopic,
  multiLevelWildcard,
  multiLevelAlone,
  singleLevelWildcard,
  multiLevelMisused,
  singleLevelMisused,
  shareNames,
  shareNameMissing,
  shareNameWrong,
  shareWithoutFilter,
  sharedQos2Completed,
  sharedQos2Ended,
  sharedQos2Expired,
  sharedRefusedQos1,
  sharedRefusedQos2,
  sharedGrantedQos,
  sharedOnce,
  sharedGroups,
  sharedAndNormal,
  sharedLeave,
  sharedRetained
]
