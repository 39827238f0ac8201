/** MQTT 3.1.1: number, section, who is bound, whether it can be seen from outside, and what must hold. */
export const mqtt311 = `
1.5.3-1 | 1.5.3 UTF-8 encoded strings | both | yes | String fields hold well-formed UTF-8 only (no surrogates U+D800..U+DFFF); a receiver of anything else closes the connection.
1.5.3-2 | 1.5.3 UTF-8 encoded strings | both | yes | String fields never hold U+0000; a receiver of one closes the connection.
1.5.3-3 | 1.5.3 UTF-8 encoded strings | both | yes | The bytes EF BB BF are the ordinary character U+FEFF at any place in a string and the receiver keeps them.
2.2.2-1 | 2.2.2 Flags | both | yes | Reserved flag bits of the fixed header carry the value listed for the packet type.
2.2.2-2 | 2.2.2 Flags | both | yes | A receiver of invalid flags closes the connection.
2.3.1-1 | 2.3.1 Packet Identifier | both | partly | SUBSCRIBE, UNSUBSCRIBE and QoS>0 PUBLISH have a non-zero 16 bit Packet Identifier.
2.3.1-2 | 2.3.1 Packet Identifier | client | no | A client gives each new such packet an identifier not in use.
2.3.1-3 | 2.3.1 Packet Identifier | client | no | A client resends a packet with its old identifier; the identifier is free again after PUBACK, PUBCOMP, SUBACK or UNSUBACK.
2.3.1-4 | 2.3.1 Packet Identifier | server | yes | The same identifier rules hold for QoS>0 PUBLISH sent by the server.
2.3.1-5 | 2.3.1 Packet Identifier | both | yes | A QoS 0 PUBLISH has no Packet Identifier.
2.3.1-6 | 2.3.1 Packet Identifier | both | yes | PUBACK, PUBREC and PUBREL repeat the identifier of the PUBLISH.
2.3.1-7 | 2.3.1 Packet Identifier | server | yes | SUBACK and UNSUBACK repeat the identifier of the request.
3.1.0-1 | 3.1 CONNECT | client | partly | CONNECT is the first packet a client sends on a new connection.
3.1.0-2 | 3.1 CONNECT | server | yes | A second CONNECT is a protocol violation and the server disconnects the client.
3.1.2-1 | 3.1.2.1 Protocol Name | server | yes | On a wrong protocol name the server disconnects or treats the packet by another specification, but does not go on with it as 3.1.1.
3.1.2-2 | 3.1.2.2 Protocol Level | server | yes | An unsupported Protocol Level is answered with CONNACK 0x01 and then the client is disconnected.
3.1.2-3 | 3.1.2.3 Connect Flags | server | yes | The server checks that bit 0 of the Connect Flags is 0 and disconnects if it is not.
3.1.2-4 | 3.1.2.4 Clean Session | both | yes | CleanSession 0 resumes the session of the ClientId, or creates one if there is none, and the session is kept after disconnection.
3.1.2-5 | 3.1.2.4 Clean Session | server | yes | For a disconnected CleanSession 0 session the server stores later QoS 1 and 2 messages that match its subscriptions.
3.1.2-6 | 3.1.2.4 Clean Session | both | yes | CleanSession 1 discards any earlier session and starts one that ends with the connection and is never reused.
3.1.2-7 | 3.1.2.4 Clean Session | server | yes | Retained messages are not session state and survive its end.
3.1.2-8 | 3.1.2.5 Will Flag | server | yes | With Will Flag 1 and CONNECT accepted the server keeps the Will and publishes it when the connection closes, unless a DISCONNECT removed it.
3.1.2-9 | 3.1.2.5 Will Flag | client | partly | With Will Flag 1 the payload has Will Topic and Will Message, and the Will QoS and Retain bits are used.
3.1.2-10 | 3.1.2.5 Will Flag | server | yes | The stored Will is removed once published or once DISCONNECT came.
3.1.2-11 | 3.1.2.5 Will Flag | client | partly | With Will Flag 0 the Will QoS and Retain bits are 0 and the payload has no Will fields.
3.1.2-12 | 3.1.2.5 Will Flag | server | yes | With Will Flag 0 no Will is published when the connection ends.
3.1.2-13 | 3.1.2.6 Will QoS | client | partly | With Will Flag 0 the Will QoS is 0.
3.1.2-14 | 3.1.2.6 Will QoS | client | partly | With Will Flag 1 the Will QoS is 0, 1 or 2, never 3.
3.1.2-15 | 3.1.2.7 Will Retain | client | partly | With Will Flag 0 the Will Retain bit is 0.
3.1.2-16 | 3.1.2.7 Will Retain | server | yes | Will Retain 0: the Will is published non-retained.
3.1.2-17 | 3.1.2.7 Will Retain | server | yes | Will Retain 1: the Will is published retained.
3.1.2-18 | 3.1.2.8 User Name Flag | client | partly | User Name Flag 0: no user name in the payload.
3.1.2-19 | 3.1.2.8 User Name Flag | client | partly | User Name Flag 1: a user name is in the payload.
3.1.2-20 | 3.1.2.9 Password Flag | client | partly | Password Flag 0: no password in the payload.
3.1.2-21 | 3.1.2.9 Password Flag | client | partly | Password Flag 1: a password is in the payload.
3.1.2-22 | 3.1.2.9 Password Flag | client | partly | User Name Flag 0 requires Password Flag 0.
3.1.2-23 | 3.1.2.10 Keep Alive | client | no | A client keeps the gap between its packets within Keep Alive and sends PINGREQ if it has nothing else to send.
3.1.2-24 | 3.1.2.10 Keep Alive | server | yes | With Keep Alive K > 0 and no packet for 1.5 x K the server cuts the connection and treats it like a lost network (Will, session).
3.1.3-1 | 3.1.3 Payload | client | yes | CONNECT payload order is ClientId, Will Topic, Will Message, user name, password.
3.1.3-2 | 3.1.3.1 Client Identifier | both | yes | Client and server key session state by the ClientId.
3.1.3-3 | 3.1.3.1 Client Identifier | client | partly | The ClientId is always present and is the first payload field.
3.1.3-4 | 3.1.3.1 Client Identifier | client | partly | The ClientId is a UTF-8 string.
3.1.3-5 | 3.1.3.1 Client Identifier | server | yes | The server accepts ClientIds of 1 to 23 bytes made of 0-9, a-z, A-Z.
3.1.3-6 | 3.1.3.1 Client Identifier | server | partly | A server that takes a zero-length ClientId assigns a unique one and proceeds as if the client had sent it.
3.1.3-7 | 3.1.3.1 Client Identifier | client | partly | A client with a zero-length ClientId sets CleanSession 1.
3.1.3-8 | 3.1.3.1 Client Identifier | server | yes | Zero-length ClientId with CleanSession 0 is answered with CONNACK 0x02 and the connection is closed.
3.1.3-9 | 3.1.3.1 Client Identifier | server | partly | A refused ClientId is answered with CONNACK 0x02 and the connection is closed.
3.1.3-10 | 3.1.3.2 Will Topic | client | partly | The Will Topic is a UTF-8 string.
3.1.3-11 | 3.1.3.4 User Name | client | partly | The user name is a UTF-8 string.
3.1.4-1 | 3.1.4 Response | server | yes | The server checks the CONNECT format and closes without any CONNACK if it is wrong.
3.1.4-2 | 3.1.4 Response | server | yes | A CONNECT for a connected ClientId makes the server disconnect the older connection.
3.1.4-3 | 3.1.4 Response | server | yes | After a valid CONNECT the server carries out the CleanSession rules.
3.1.4-4 | 3.1.4 Response | server | yes | A valid CONNECT is acknowledged with CONNACK 0x00.
3.1.4-5 | 3.1.4 Response | server | yes | After refusing a CONNECT the server processes no later data of that connection.
3.2.0-1 | 3.2 CONNACK | server | yes | The first packet from server to client is CONNACK.
3.2.2-1 | 3.2.2.2 Session Present | server | yes | Accepting CleanSession 1 gives Session Present 0 and code 0.
3.2.2-2 | 3.2.2.2 Session Present | server | yes | Accepting CleanSession 0 with stored state gives Session Present 1.
3.2.2-3 | 3.2.2.2 Session Present | server | yes | Without stored state Session Present is 0, with code 0.
3.2.2-4 | 3.2.2.2 Session Present | server | yes | A CONNACK with a non-zero code has Session Present 0.
3.2.2-5 | 3.2.2.3 Connect Return code | server | yes | After a CONNACK with a non-zero code the server closes.
3.2.2-6 | 3.2.2.3 Connect Return code | server | partly | If none of the return codes (0x00-0x05) fits, the server closes without CONNACK.
3.3.1-1 | 3.3.1.1 DUP | both | yes | A redelivered PUBLISH has DUP 1.
3.3.1-2 | 3.3.1.1 DUP | both | yes | DUP is 0 on every QoS 0 PUBLISH.
3.3.1-3 | 3.3.1.1 DUP | both | yes | DUP of an outgoing PUBLISH depends only on whether it is itself a retransmission.
3.3.1-4 | 3.3.1.2 QoS | both | yes | QoS bits are never both 1; a receiver of such a PUBLISH closes the connection.
3.3.1-5 | 3.3.1.3 RETAIN | server | yes | A PUBLISH with RETAIN 1 is stored with its QoS for later subscribers.
3.3.1-6 | 3.3.1.3 RETAIN | server | yes | A new subscription gets the last retained message of each matching topic.
3.3.1-7 | 3.3.1.3 RETAIN | server | yes | A QoS 0 PUBLISH with RETAIN 1 discards the earlier retained message; it should become the retained one but may be dropped at any time.
3.3.1-8 | 3.3.1.3 RETAIN | server | yes | A message sent because of a new subscription has RETAIN 1.
3.3.1-9 | 3.3.1.3 RETAIN | server | yes | A message sent to an existing subscription has RETAIN 0 whatever the publisher set.
3.3.1-10 | 3.3.1.3 RETAIN | server | yes | A zero-byte PUBLISH with RETAIN 1 is delivered as usual and removes the retained message.
3.3.1-11 | 3.3.1.3 RETAIN | server | yes | A zero-byte message is never stored as retained.
3.3.1-12 | 3.3.1.3 RETAIN | server | yes | A PUBLISH with RETAIN 0 neither stores nor changes a retained message.
3.3.2-1 | 3.3.2.1 Topic Name | both | yes | The Topic Name is the first variable header field of PUBLISH and is a UTF-8 string.
3.3.2-2 | 3.3.2.1 Topic Name | both | yes | A Topic Name in PUBLISH has no wildcards.
3.3.2-3 | 3.3.2.1 Topic Name | server | yes | The Topic Name the server sends matches a filter of the receiving client.
3.3.4-1 | 3.3.4 Response | both | yes | A PUBLISH is answered by QoS: 0 nothing, 1 PUBACK, 2 PUBREC.
3.3.5-1 | 3.3.5 Actions | server | yes | With overlapping subscriptions the message is delivered at the highest QoS among them (extra copies allowed).
3.3.5-2 | 3.3.5 Actions | server | partly | An unauthorized PUBLISH is either acknowledged as normal or the connection is closed.
3.6.1-1 | 3.6.1 Fixed header | both | yes | PUBREL has the flag nibble 0010; the server treats any other value as malformed and closes.
3.8.1-1 | 3.8.1 Fixed header | both | yes | SUBSCRIBE has the flag nibble 0010; the server treats any other value as malformed and closes.
3.8.3-1 | 3.8.3 Payload | client | yes | Topic Filters in SUBSCRIBE are UTF-8 strings.
3.8.3-2 | 3.8.3 Payload | server | partly | A server that does not support wildcard filters rejects subscriptions that have them.
3.8.3-3 | 3.8.3 Payload | client | yes | SUBSCRIBE has at least one filter/QoS pair; none is a protocol violation.
3.8.3-4 | 3.8.3 Payload | server | yes | SUBSCRIBE with reserved bits set in the QoS byte or QoS 3 is malformed and the server closes.
3.8.4-1 | 3.8.4 Response | server | yes | Every SUBSCRIBE is answered with SUBACK.
3.8.4-2 | 3.8.4 Response | server | yes | The SUBACK has the identifier of its SUBSCRIBE.
3.8.4-3 | 3.8.4 Response | server | yes | A SUBSCRIBE with a filter already held replaces that subscription; matching retained messages are sent again and the message flow is not interrupted.
3.8.4-4 | 3.8.4 Response | server | yes | SUBSCRIBE with several filters works like a row of single ones but with one SUBACK.
3.8.4-5 | 3.8.4 Response | server | yes | SUBACK has a return code per filter: the granted QoS or failure.
3.8.4-6 | 3.8.4 Response | server | yes | Messages are delivered at the lower of the published QoS and the granted QoS.
3.9.3-1 | 3.9.3 Payload | server | yes | SUBACK codes are in the order of the filters.
3.9.3-2 | 3.9.3 Payload | server | yes | SUBACK codes are only 0x00, 0x01, 0x02, 0x80.
3.10.1-1 | 3.10.1 Fixed header | both | yes | UNSUBSCRIBE has the flag nibble 0010; the server treats any other value as malformed and closes.
3.10.3-1 | 3.10.3 Payload | client | yes | Topic Filters in UNSUBSCRIBE are UTF-8 strings, packed one after the other.
3.10.3-2 | 3.10.3 Payload | client | yes | UNSUBSCRIBE has at least one filter; none is a protocol violation.
3.10.4-1 | 3.10.4 Response | server | yes | UNSUBSCRIBE filters are compared character by character; only an exact match is deleted.
3.10.4-2 | 3.10.4 Response | server | yes | After deleting a subscription no new messages are added for the client.
3.10.4-3 | 3.10.4 Response | server | yes | QoS 1 and 2 deliveries already begun are completed.
3.10.4-4 | 3.10.4 Response | server | yes | UNSUBSCRIBE is answered with UNSUBACK of the same identifier.
3.10.4-5 | 3.10.4 Response | server | yes | UNSUBACK is sent even if nothing was deleted.
3.10.4-6 | 3.10.4 Response | server | yes | UNSUBSCRIBE with several filters works like a row of single ones but with one UNSUBACK.
3.12.4-1 | 3.12.4 Response | server | yes | PINGREQ is answered with PINGRESP.
3.14.1-1 | 3.14.1 Fixed header | server | yes | The server checks the reserved bits of DISCONNECT and disconnects the client if not 0.
3.14.4-1 | 3.14.4 Response | client | no | A client closes the connection after DISCONNECT.
3.14.4-2 | 3.14.4 Response | client | partly | A client sends no more packets after DISCONNECT.
3.14.4-3 | 3.14.4 Response | server | yes | On DISCONNECT the server discards the Will unpublished.
4.1.0-1 | 4.1 Storing state | both | yes | Session state is kept for the whole duration of the session.
4.1.0-2 | 4.1 Storing state | both | yes | A session lasts at least as long as its connection.
4.3.1-1 | 4.3.1 QoS 0: At most once delivery | both | yes | QoS 0 sender: PUBLISH has QoS 0 and DUP 0.
4.3.2-1 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 sender: new message gets an unused id, first PUBLISH has DUP 0, and it stays unacknowledged until the matching PUBACK.
4.3.2-2 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 receiver: answers PUBACK with the id, and after that the same id is a new message whatever its DUP.
4.3.3-1 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: unused id, first PUBLISH DUP 0, open until PUBREC; PUBREC is answered by PUBREL with the same id, open until PUBCOMP; PUBLISH is not resent after PUBREL.
4.3.3-2 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: answers PUBREC; until PUBREL repeats of the id get PUBREC and no second delivery; PUBREL is answered by PUBCOMP; then the id is a new message.
4.4.0-1 | 4.4 Message delivery retry | both | yes | On reconnect with CleanSession 0 both sides resend unacknowledged QoS>0 PUBLISH and PUBREL with their old ids.
4.5.0-1 | 4.5 Message receipt | server | yes | An accepted message is added to the session state of each client with a matching subscription.
4.5.0-2 | 4.5 Message receipt | client | no | A client acknowledges every PUBLISH by its QoS, even one it does not use.
4.6.0-1 | 4.6 Message ordering | client | partly | Resent PUBLISH packets keep their original order (a client rule that 4.6.0-6 extends to the server).
4.6.0-2 | 4.6 Message ordering | client | no | A client sends PUBACKs in the order the PUBLISHes came.
4.6.0-3 | 4.6 Message ordering | client | no | A client sends PUBRECs in the order the PUBLISHes came.
4.6.0-4 | 4.6 Message ordering | client | partly | PUBRELs are sent in the order the PUBRECs came (extended to the server by 4.6.0-6).
4.6.0-5 | 4.6 Message ordering | server | yes | By default every topic is an ordered topic.
4.6.0-6 | 4.6 Message ordering | server | yes | On an ordered topic the server follows the ordering rules towards each subscriber and keeps, per topic and QoS, the order of each publisher.
4.7.1-1 | 4.7.1 Topic wildcards | both | yes | Wildcards are for filters only; a Topic Name has none.
4.7.1-2 | 4.7.1.2 Multi-level wildcard | both | yes | "#" stands alone or after "/", and is the last character of a filter.
4.7.1-3 | 4.7.1.3 Single level wildcard | both | yes | "+" may be at any level but fills the whole level.
4.7.2-1 | 4.7.2 Topics beginning with $ | server | yes | Filters that begin with a wildcard do not match topics that begin with "$".
4.7.3-1 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters have at least one character.
4.7.3-2 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters do not contain U+0000.
4.7.3-3 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters are UTF-8 of at most 65535 bytes.
4.7.3-4 | 4.7.3 Topic semantic and usage | server | yes | Matching uses topics and filters as they are: no normalization, no substitution.
4.8.0-1 | 4.8 Handling errors | both | yes | Unless said otherwise a protocol violation makes the receiver close the connection.
4.8.0-2 | 4.8 Handling errors | both | no | On a transient error (e.g. buffer full) while processing a packet the receiver closes that connection.
6.0.0-1 | 6 Using WebSocket as a network transport | both | yes | Over WebSocket, MQTT uses binary frames only; on any other data frame the receiver closes.
6.0.0-2 | 6 Using WebSocket as a network transport | both | yes | WebSocket frames and MQTT packets need not line up.
6.0.0-3 | 6 Using WebSocket as a network transport | client | no | The client offers "mqtt" as WebSocket subprotocol.
6.0.0-4 | 6 Using WebSocket as a network transport | server | yes | The server selects and returns the subprotocol "mqtt".
7.0.0-1 | 7 Conformance | server | no | A server that also opens connections to other servers (bridge) conforms as a client too.
7.0.0-2 | 7 Conformance | both | partly | No extension outside the specification may be needed to interoperate.
7.1.1-1 | 7.1.1 MQTT Server | server | yes | A server supports at least one ordered, lossless, two-way byte stream transport.
7.1.2-1 | 7.1.2 MQTT Client | client | no | A client supports at least one ordered, lossless, two-way byte stream transport.
`
