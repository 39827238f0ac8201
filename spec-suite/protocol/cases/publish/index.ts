import type { CaseDefinition } from '../../case.js'
import { identifierSteps, lengthSteps } from './1-5-lengths.js'
import { illFormedPairs } from './1-5-string-pairs.js'
import { anyCharacter, byteOrderMark, illFormedFilter, illFormedTopic, nullCharacter } from './1-5-utf-8.js'
import {
  flagsOfBroker,
  reservedFlags,
  reservedFlagsOfAcknowledgements,
  reservedFlagsOfPingreq,
  wrongFlagsOfPubcomp
} from './2-1-flags.js'
import {
  identifiersOfBroker,
  identifierZero,
  noIdentifier,
  publishIdentifierZero,
  repeatedIdentifiers,
  repeatedRequestIdentifiers
} from './2-2-identifiers.js'
import { propertyLength } from './2-2-property-length.js'
import { answers } from './3-3-acknowledged.js'
import {
  aliasAccepted,
  aliasForgotten,
  aliasNotSetUp,
  aliasOfBroker,
  aliasOfEachSide,
  aliasTooHigh,
  aliasZero
} from './3-3-alias.js'
import { dupAtQos0, dupNotForwarded, redelivered } from './3-3-dup.js'
import { expiredInQueue, expiredRetained, expiryWhenLive, remainingTime } from './3-3-expiry.js'
import {
  contentType,
  correlationData,
  emptyProperties,
  payloadFormat,
  responseTopic,
  retainedProperties
} from './3-3-forwarded.js'
import { highestQos, sameQosOverlapping } from './3-3-overlapping.js'
import { qos3 } from './3-3-qos-3.js'
import { publishRefused } from './3-3-refused.js'
import { emptyIsNotRetained, onlyThatTopic, retainedAgain, retainedIsRemoved } from './3-3-retain-clear.js'
import { flagAsPublished, flagOfLive, flagOfRetained, flagReplaced, flagsOfEach } from './3-3-retain-flag.js'
import { handling0, handling1, handling1InSession, handling2 } from './3-3-retain-handling.js'
import {
  notRetained,
  retainedIsReplaced,
  retainedOfQos0,
  retainedOfWildcards,
  retainedQos
} from './3-3-retain-store.js'
import {
  identifierOfRetained,
  identifierReplaced,
  identifiersCome,
  identifiersOfCopies
} from './3-3-subscription-identifiers.js'
import {
  emptyTopic,
  identifierBeyondPacket,
  propertiesBeyondPacket,
  topicBeyondPacket,
  topicMatches,
  wildcardsInTopic
} from './3-3-topic-name.js'
import { userProperties, userPropertiesQueued, userPropertiesRetained } from './3-3-user-properties.js'
import {
  foreignProperty,
  identifierFromClient,
  illFormedTexts,
  illFormedType,
  repeatedAlias,
  repeatedProperty,
  wildcardsInResponse
} from './3-3-wrong-properties.js'
import { codeOfPuback, codeOfPubcomp, codeOfPubrec, codeOfPubrel } from './3-4-codes.js'
import { pubackFits, pubcompFits, pubrecFits, pubrelFits, refusalFits } from './3-4-reason-fits.js'
import { flagsOfBrokersPubrel, flagsOfPubrel } from './3-6-flags.js'

export const publishCases: readonly CaseDefinition[] = [
  ...[lengthSteps, identifierSteps],
  ...[illFormedPairs],
  ...[illFormedTopic, illFormedFilter, nullCharacter, byteOrderMark, anyCharacter],
  ...[
    reservedFlags,
    reservedFlagsOfPingreq,
    reservedFlagsOfAcknowledgements,
    wrongFlagsOfPubcomp,
    flagsOfBroker
  ],
  ...[
    noIdentifier,
    identifierZero,
    publishIdentifierZero,
    identifiersOfBroker,
    repeatedIdentifiers,
    repeatedRequestIdentifiers
  ],
  ...[propertyLength],
  ...[answers],
  ...[aliasAccepted, aliasOfEachSide, aliasForgotten, aliasNotSetUp, aliasZero, aliasTooHigh, aliasOfBroker],
  ...[redelivered, dupAtQos0, dupNotForwarded],
  ...[expiredInQueue, remainingTime, expiredRetained, expiryWhenLive],
  ...[payloadFormat, responseTopic, correlationData, contentType, emptyProperties, retainedProperties],
  ...[highestQos, sameQosOverlapping],
  ...[qos3],
  ...[publishRefused],
  ...[retainedIsRemoved, onlyThatTopic, emptyIsNotRetained, retainedAgain],
  ...[flagOfRetained, flagOfLive, flagAsPublished, flagsOfEach, flagReplaced],
  ...[handling0, handling1, handling1InSession, handling2],
  ...[retainedIsReplaced, retainedOfWildcards, retainedQos, retainedOfQos0, notRetained],
  ...[identifiersCome, identifiersOfCopies, identifierReplaced, identifierOfRetained],
  ...[
    topicBeyondPacket,
    propertiesBeyondPacket,
    identifierBeyondPacket,
    wildcardsInTopic,
    emptyTopic,
    topicMatches
  ],
  ...[userProperties, userPropertiesRetained, userPropertiesQueued],
  ...[
    illFormedTexts,
    illFormedType,
    wildcardsInResponse,
    repeatedProperty,
    repeatedAlias,
    foreignProperty,
    identifierFromClient
  ],
  ...[codeOfPuback, codeOfPubrec, codeOfPubrel, codeOfPubcomp],
  ...[pubackFits, pubrecFits, refusalFits, pubrelFits, pubcompFits],
  ...[flagsOfPubrel, flagsOfBrokersPubrel]
]
