/** MQTT 5.0: number, section, who is bound, whether it can be seen from outside, and what must hold. */
export const mqtt5 = `
1.5.4-1 | 1.5.4 UTF-8 Encoded String | both | yes | Every UTF-8 string field holds well-formed UTF-8 only (so no surrogates U+D800..U+DFFF); anything else makes the packet malformed (0x81).
1.5.4-2 | 1.5.4 UTF-8 Encoded String | both | yes | A UTF-8 string field never holds U+0000; a packet with it is malformed.
1.5.4-3 | 1.5.4 UTF-8 Encoded String | both | yes | The bytes EF BB BF are the ordinary character U+FEFF at any place in a string and the receiver keeps them.
1.5.5-1 | 1.5.5 Variable Byte Integer | both | yes | A Variable Byte Integer is written in the fewest bytes that can hold the value.
1.5.7-1 | 1.5.7 UTF-8 String Pair | both | yes | Both the name and the value of a string pair (User Property) obey the UTF-8 string rules; otherwise the packet is malformed.
2.1.3-1 | 2.1.3 Flags | both | yes | Reserved flag bits of the fixed header carry the value listed for that packet type; a receiver of other values has a malformed packet.
2.2.1-2 | 2.2.1 Packet Identifier | both | yes | A QoS 0 PUBLISH has no Packet Identifier field.
2.2.1-3 | 2.2.1 Packet Identifier | client | partly | A client gives each new SUBSCRIBE, UNSUBSCRIBE and QoS>0 PUBLISH a non-zero Packet Identifier not in use.
2.2.1-4 | 2.2.1 Packet Identifier | server | yes | The server gives each new QoS>0 PUBLISH a non-zero Packet Identifier not in use on that session.
2.2.1-5 | 2.2.1 Packet Identifier | both | yes | PUBACK, PUBREC, PUBREL and PUBCOMP repeat the Packet Identifier of the PUBLISH they belong to.
2.2.1-6 | 2.2.1 Packet Identifier | server | yes | SUBACK and UNSUBACK repeat the Packet Identifier of the request.
2.2.2-1 | 2.2.2.1 Property Length | both | yes | When there are no properties the Property Length byte is present with value 0.
3.1.0-1 | 3.1 CONNECT - Connection Request | client | partly | CONNECT is the first packet a client sends on a new connection.
3.1.0-2 | 3.1 CONNECT - Connection Request | server | yes | A second CONNECT on the same connection is a Protocol Error and the server closes.
3.1.2-1 | 3.1.2.1 Protocol Name | both | yes | The protocol name is the string "MQTT"; a server that refuses another name may answer CONNACK 0x84 and then closes.
3.1.2-2 | 3.1.2.2 Protocol Version | server | yes | If the Protocol Version is one the server refuses, it may send CONNACK 0x84 and then closes.
3.1.2-3 | 3.1.2.3 Connect Flags | server | yes | The server checks that the reserved bit 0 of the Connect Flags is 0; if it is 1 the packet is malformed.
3.1.2-4 | 3.1.2.4 Clean Start | both | yes | Clean Start 1 throws away any earlier session for that ClientID and starts a new one.
3.1.2-5 | 3.1.2.4 Clean Start | server | yes | Clean Start 0 with an existing session resumes that session.
3.1.2-6 | 3.1.2.4 Clean Start | server | yes | Clean Start 0 without an existing session creates a new one.
3.1.2-7 | 3.1.2.5 Will Flag | server | yes | With Will Flag 1 the server keeps the Will Message and ties it to the session.
3.1.2-8 | 3.1.2.5 Will Flag | server | yes | After the connection ends the Will is published once the Will Delay has run or the session has ended, unless DISCONNECT 0x00 removed it or the ClientID reconnected before the delay ran out.
3.1.2-9 | 3.1.2.5 Will Flag | client | partly | With Will Flag 1 the payload contains Will Properties, Will Topic and Will Payload.
3.1.2-10 | 3.1.2.5 Will Flag | server | yes | The server drops the stored Will once it was published or a DISCONNECT 0x00 came.
3.1.2-11 | 3.1.2.6 Will QoS | client | partly | With Will Flag 0 the Will QoS bits are 0.
3.1.2-12 | 3.1.2.6 Will QoS | client | yes | With Will Flag 1 the Will QoS is 0, 1 or 2; 3 is malformed.
3.1.2-13 | 3.1.2.7 Will Retain | client | partly | With Will Flag 0 the Will Retain bit is 0.
3.1.2-14 | 3.1.2.7 Will Retain | server | yes | Will Retain 0: the Will is published as a non-retained message.
3.1.2-15 | 3.1.2.7 Will Retain | server | yes | Will Retain 1: the Will is published as a retained message.
3.1.2-16 | 3.1.2.8 User Name Flag | client | partly | User Name Flag 0: no User Name in the payload.
3.1.2-17 | 3.1.2.8 User Name Flag | client | partly | User Name Flag 1: a User Name is in the payload.
3.1.2-18 | 3.1.2.9 Password Flag | client | partly | Password Flag 0: no Password in the payload.
3.1.2-19 | 3.1.2.9 Password Flag | client | partly | Password Flag 1: a Password is in the payload.
3.1.2-20 | 3.1.2.10 Keep Alive | client | no | With Keep Alive > 0 a client that has nothing else to send sends PINGREQ in time.
3.1.2-21 | 3.1.2.10 Keep Alive | client | no | A client uses the Server Keep Alive of the CONNACK instead of its own value.
3.1.2-22 | 3.1.2.10 Keep Alive | server | yes | With Keep Alive K > 0 and no packet from the client for 1.5 x K the server closes the connection and treats it like a lost network (Will, session).
3.1.2-23 | 3.1.2.11.2 Session Expiry Interval | both | yes | With a Session Expiry Interval > 0 the session state is kept after the connection closes.
3.1.2-24 | 3.1.2.11.4 Maximum Packet Size | server | yes | The server sends no packet longer than the client's Maximum Packet Size.
3.1.2-25 | 3.1.2.11.4 Maximum Packet Size | server | yes | A packet too large for the client is dropped and counts as delivered.
3.1.2-26 | 3.1.2.11.5 Topic Alias Maximum | server | yes | The server uses no Topic Alias above the client's Topic Alias Maximum.
3.1.2-27 | 3.1.2.11.5 Topic Alias Maximum | server | yes | With Topic Alias Maximum absent or 0 the server uses no Topic Alias.
3.1.2-28 | 3.1.2.11.6 Request Response Information | server | yes | With Request Response Information 0 (or absent) the CONNACK has no Response Information.
3.1.2-29 | 3.1.2.11.7 Request Problem Information | server | yes | With Request Problem Information 0 the server sends Reason String and User Property in PUBLISH, CONNACK and DISCONNECT only.
3.1.2-30 | 3.1.2.11.9 Authentication Method | client | partly | A client that set an Authentication Method sends only AUTH or DISCONNECT until the CONNACK.
3.1.3-1 | 3.1.3 CONNECT Payload | client | yes | CONNECT payload fields come in the order ClientID, Will Properties, Will Topic, Will Payload, User Name, Password.
3.1.3-2 | 3.1.3.1 Client Identifier (ClientID) | both | yes | Client and server key their session state by the ClientID.
3.1.3-3 | 3.1.3.1 Client Identifier (ClientID) | client | partly | The ClientID is always present and is the first payload field.
3.1.3-4 | 3.1.3.1 Client Identifier (ClientID) | client | partly | The ClientID is a UTF-8 string.
3.1.3-5 | 3.1.3.1 Client Identifier (ClientID) | server | yes | The server accepts ClientIDs of 1 to 23 bytes made of 0-9, a-z, A-Z.
3.1.3-6 | 3.1.3.1 Client Identifier (ClientID) | server | partly | A server that takes a zero-length ClientID treats it as a special case and assigns a unique one.
3.1.3-7 | 3.1.3.1 Client Identifier (ClientID) | server | yes | With an assigned ClientID the server proceeds as if the client had sent it and returns it as Assigned Client Identifier.
3.1.3-8 | 3.1.3.1 Client Identifier (ClientID) | server | partly | A server that refuses the ClientID may answer CONNACK 0x85 and then closes.
3.1.3-9 | 3.1.3.2.2 Will Delay Interval | server | yes | If the session gets a new connection before the Will Delay is over, the Will is not sent.
3.1.3-10 | 3.1.3.2.8 User Property | server | yes | The User Properties of a Will are published in the order given.
3.1.3-11 | 3.1.3.3 Will Topic | client | partly | The Will Topic is a UTF-8 string.
3.1.3-12 | 3.1.3.5 User Name | client | partly | The User Name, if flagged, follows the Will fields and is a UTF-8 string.
3.1.4-1 | 3.1.4 CONNECT Actions | server | yes | The server checks the CONNECT format and closes the connection if it is wrong.
3.1.4-2 | 3.1.4 CONNECT Actions | server | partly | If an extra check or authentication/authorization of the CONNECT fails, the server closes the connection.
3.1.4-3 | 3.1.4 CONNECT Actions | server | yes | A CONNECT for a ClientID that is connected makes the server send DISCONNECT 0x8E to the old connection and close it.
3.1.4-4 | 3.1.4 CONNECT Actions | server | yes | The server carries out the Clean Start rules for a valid CONNECT.
3.1.4-5 | 3.1.4 CONNECT Actions | server | yes | A valid CONNECT is acknowledged by a CONNACK with 0x00.
3.1.4-6 | 3.1.4 CONNECT Actions | server | yes | After refusing a CONNECT the server processes no later data of that connection except AUTH.
3.2.0-1 | 3.2 CONNACK - Connect acknowledgement | server | yes | The server sends CONNACK 0x00 before any other packet except AUTH.
3.2.0-2 | 3.2 CONNACK - Connect acknowledgement | server | yes | At most one CONNACK per connection.
3.2.2-1 | 3.2.2.1 Connect Acknowledge Flags | server | yes | Bits 7 to 1 of the Connect Acknowledge Flags are 0.
3.2.2-2 | 3.2.2.1.1 Session Present | server | yes | Accepting Clean Start 1 gives Session Present 0 with 0x00.
3.2.2-3 | 3.2.2.1.1 Session Present | server | yes | Accepting Clean Start 0 gives Session Present 1 if the server holds the session, else 0, with 0x00 in both cases.
3.2.2-4 | 3.2.2.1.1 Session Present | client | no | A client without session state that gets Session Present 1 closes the connection.
3.2.2-5 | 3.2.2.1.1 Session Present | client | no | A client with session state that gets Session Present 0 discards its state if it stays connected.
3.2.2-6 | 3.2.2.1.1 Session Present | server | yes | A CONNACK with a non-zero code has Session Present 0.
3.2.2-7 | 3.2.2.2 Connect Reason Code | server | yes | After a CONNACK with 0x80 or more the server closes.
3.2.2-8 | 3.2.2.2 Connect Reason Code | server | yes | The CONNACK code is one of the Connect Reason Code table (0x00, 0x80-0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99-0x9D, 0x9F).
3.2.2-9 | 3.2.2.3.4 Maximum QoS | server | partly | A server without QoS 1 or 2 support says so with Maximum QoS in the CONNACK.
3.2.2-10 | 3.2.2.3.4 Maximum QoS | server | partly | A server with a Maximum QoS limit still accepts SUBSCRIBE for QoS 0, 1 and 2.
3.2.2-11 | 3.2.2.3.4 Maximum QoS | client | partly | A client sends no PUBLISH above the Maximum QoS it was told.
3.2.2-12 | 3.2.2.3.4 Maximum QoS | server | partly | A CONNECT whose Will QoS is above the server's Maximum QoS is refused, preferably with CONNACK 0x9B, and closed.
3.2.2-13 | 3.2.2.3.5 Retain Available | server | partly | A CONNECT with Will Retain 1 is refused by a server without retain support, preferably with CONNACK 0x9A, and closed.
3.2.2-14 | 3.2.2.3.5 Retain Available | client | partly | A client told Retain Available 0 sends no PUBLISH with RETAIN 1.
3.2.2-15 | 3.2.2.3.6 Maximum Packet Size | client | partly | A client sends no packet longer than the server's Maximum Packet Size.
3.2.2-16 | 3.2.2.3.7 Assigned Client Identifier | server | yes | A zero-length ClientID is answered with an Assigned Client Identifier that no other session uses.
3.2.2-17 | 3.2.2.3.8 Topic Alias Maximum | client | yes | A client uses no Topic Alias above the server's Topic Alias Maximum.
3.2.2-18 | 3.2.2.3.8 Topic Alias Maximum | client | partly | If the CONNACK has no (or 0) Topic Alias Maximum the client uses no alias.
3.2.2-19 | 3.2.2.3.9 Reason String | server | partly | No Reason String in CONNACK if it would take the packet over the client's Maximum Packet Size.
3.2.2-20 | 3.2.2.3.10 User Property | server | partly | No User Property in CONNACK if it would take the packet over the client's Maximum Packet Size.
3.2.2-21 | 3.2.2.3.14 Server Keep Alive | client | no | A client uses the Server Keep Alive when the CONNACK has one.
3.2.2-22 | 3.2.2.3.14 Server Keep Alive | server | yes | Without a Server Keep Alive in CONNACK the server applies the client's Keep Alive.
3.3.1-1 | 3.3.1.1 DUP | both | yes | A redelivered PUBLISH has DUP 1.
3.3.1-2 | 3.3.1.1 DUP | both | yes | DUP is 0 on every QoS 0 PUBLISH.
3.3.1-3 | 3.3.1.1 DUP | both | yes | DUP of an outgoing PUBLISH depends only on whether that outgoing packet is a retransmission.
3.3.1-4 | 3.3.1.2 QoS | both | yes | QoS bits of a PUBLISH are never both 1.
3.3.1-5 | 3.3.1.3 RETAIN | server | yes | A PUBLISH with RETAIN 1 replaces the retained message of that topic and is stored.
3.3.1-6 | 3.3.1.3 RETAIN | server | yes | A zero-byte PUBLISH with RETAIN 1 is delivered as usual but removes the retained message of the topic.
3.3.1-7 | 3.3.1.3 RETAIN | server | yes | A zero-byte retained message is never stored.
3.3.1-8 | 3.3.1.3 RETAIN | server | yes | A PUBLISH with RETAIN 0 neither stores nor changes a retained message.
3.3.1-9 | 3.3.1.3 RETAIN | server | yes | Retain Handling 0: matching retained messages are sent at every subscribe.
3.3.1-10 | 3.3.1.3 RETAIN | server | yes | Retain Handling 1: retained messages are sent only if the subscription did not exist yet.
3.3.1-11 | 3.3.1.3 RETAIN | server | yes | Retain Handling 2: no retained messages at subscribe.
3.3.1-12 | 3.3.1.3 RETAIN | server | yes | Retain As Published 0: forwarded messages have RETAIN 0.
3.3.1-13 | 3.3.1.3 RETAIN | server | yes | Retain As Published 1: forwarded messages keep the RETAIN flag of the publisher.
3.3.2-1 | 3.3.2.1 Topic Name | both | yes | The Topic Name is the first field of the PUBLISH variable header and is a UTF-8 string.
3.3.2-2 | 3.3.2.1 Topic Name | both | yes | A Topic Name in PUBLISH has no wildcard characters.
3.3.2-3 | 3.3.2.1 Topic Name | server | yes | The Topic Name the server sends matches a filter of the receiving client.
3.3.2-4 | 3.3.2.3.2 Payload Format Indicator | server | yes | Payload Format Indicator is forwarded unchanged.
3.3.2-5 | 3.3.2.3.3 Message Expiry Interval | server | yes | A copy whose Message Expiry Interval passed before delivery started is deleted.
3.3.2-6 | 3.3.2.3.3 Message Expiry Interval | server | yes | A forwarded message has the expiry value received minus the time waited in the server.
3.3.2-7 | 3.3.2.3.4 Topic Alias | both | yes | Topic Alias mappings do not survive the connection.
3.3.2-8 | 3.3.2.3.4 Topic Alias | both | yes | No PUBLISH has Topic Alias 0.
3.3.2-9 | 3.3.2.3.4 Topic Alias | client | yes | A client uses no Topic Alias above the CONNACK's Topic Alias Maximum.
3.3.2-10 | 3.3.2.3.4 Topic Alias | client | no | A client accepts all aliases from 1 to the maximum it announced.
3.3.2-11 | 3.3.2.3.4 Topic Alias | server | yes | The server uses no Topic Alias above the maximum the client sent in CONNECT.
3.3.2-12 | 3.3.2.3.4 Topic Alias | server | yes | The server accepts all aliases from 1 to the maximum it announced in CONNACK.
3.3.2-13 | 3.3.2.3.5 Response Topic | both | yes | The Response Topic is a UTF-8 string.
3.3.2-14 | 3.3.2.3.5 Response Topic | both | yes | The Response Topic has no wildcard characters.
3.3.2-15 | 3.3.2.3.5 Response Topic | server | yes | The Response Topic is forwarded unchanged.
3.3.2-16 | 3.3.2.3.6 Correlation Data | server | yes | Correlation Data is forwarded unchanged.
3.3.2-17 | 3.3.2.3.7 User Property | server | yes | All User Properties of a PUBLISH are forwarded unchanged.
3.3.2-18 | 3.3.2.3.7 User Property | server | yes | The order of User Properties is kept when forwarding.
3.3.2-19 | 3.3.2.3.9 Content Type | both | yes | The Content Type is a UTF-8 string.
3.3.2-20 | 3.3.2.3.9 Content Type | server | yes | The Content Type is forwarded unchanged.
3.3.4-1 | 3.3.4 PUBLISH Actions | both | yes | A PUBLISH is answered by QoS: 0 nothing, 1 PUBACK, 2 PUBREC.
3.3.4-2 | 3.3.4 PUBLISH Actions | server | yes | With overlapping subscriptions the message is delivered at the highest QoS of the matching ones (further copies at their own QoS are allowed).
3.3.4-3 | 3.3.4 PUBLISH Actions | server | yes | Subscription Identifiers of matching subscriptions are sent with the message.
3.3.4-4 | 3.3.4 PUBLISH Actions | server | yes | A single copy carries the identifiers of all matching subscriptions that have one, in any order.
3.3.4-5 | 3.3.4 PUBLISH Actions | server | yes | With several copies each carries the identifier of its own subscription, if any.
3.3.4-6 | 3.3.4 PUBLISH Actions | client | yes | A PUBLISH from client to server has no Subscription Identifier.
3.3.4-7 | 3.3.4 PUBLISH Actions | client | partly | A client has at most the server's Receive Maximum of QoS>0 PUBLISH unacknowledged (open until PUBACK, PUBCOMP or PUBREC >= 0x80).
3.3.4-8 | 3.3.4 PUBLISH Actions | client | no | A client does not hold back other packets because the Receive Maximum is used up.
3.3.4-9 | 3.3.4 PUBLISH Actions | server | yes | The server has at most the client's Receive Maximum of QoS>0 PUBLISH unacknowledged.
3.3.4-10 | 3.3.4 PUBLISH Actions | server | yes | The server does not hold back other packets because the client's Receive Maximum is used up.
3.4.2-1 | 3.4.2.1 PUBACK Reason Code | both | yes | PUBACK code is one of 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99.
3.4.2-2 | 3.4.2.2.2 Reason String | both | partly | No Reason String in PUBACK if it would exceed the receiver's Maximum Packet Size.
3.4.2-3 | 3.4.2.2.3 User Property | both | partly | No User Property in PUBACK if it would exceed the receiver's Maximum Packet Size.
3.5.2-1 | 3.5.2.1 PUBREC Reason Code | both | yes | PUBREC code is one of 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99.
3.5.2-2 | 3.5.2.2.2 Reason String | both | partly | No Reason String in PUBREC if it would exceed the receiver's Maximum Packet Size.
3.5.2-3 | 3.5.2.2.3 User Property | both | partly | No User Property in PUBREC if it would exceed the receiver's Maximum Packet Size.
3.6.1-1 | 3.6.1 PUBREL Fixed Header | both | yes | PUBREL has the flag nibble 0010; the server treats any other value as malformed and closes.
3.6.2-1 | 3.6.2.1 PUBREL Reason Code | both | yes | PUBREL code is 0x00 or 0x92.
3.6.2-2 | 3.6.2.2.2 Reason String | both | partly | No Reason String in PUBREL if it would exceed the receiver's Maximum Packet Size.
3.6.2-3 | 3.6.2.2.3 User Property | both | partly | No User Property in PUBREL if it would exceed the receiver's Maximum Packet Size.
3.7.2-1 | 3.7.2.1 PUBCOMP Reason Code | both | yes | PUBCOMP code is 0x00 or 0x92.
3.7.2-2 | 3.7.2.2.2 Reason String | both | partly | No Reason String in PUBCOMP if it would exceed the receiver's Maximum Packet Size.
3.7.2-3 | 3.7.2.2.3 User Property | both | partly | No User Property in PUBCOMP if it would exceed the receiver's Maximum Packet Size.
3.8.1-1 | 3.8.1 SUBSCRIBE Fixed Header | both | yes | SUBSCRIBE has the flag nibble 0010; the server treats any other value as malformed and closes.
3.8.3-1 | 3.8.3 SUBSCRIBE Payload | client | yes | Topic Filters in SUBSCRIBE are UTF-8 strings.
3.8.3-2 | 3.8.3 SUBSCRIBE Payload | client | yes | SUBSCRIBE holds at least one filter with its options byte; none is a Protocol Error.
3.8.3-3 | 3.8.3.1 Subscription Options | server | yes | No Local 1: a message is not sent back to a connection with the ClientID of its publisher.
3.8.3-4 | 3.8.3.1 Subscription Options | client | yes | No Local 1 on a shared subscription is a Protocol Error.
3.8.3-5 | 3.8.3.1 Subscription Options | server | yes | Non-zero reserved bits (6, 7) in the options byte make SUBSCRIBE malformed.
3.8.4-1 | 3.8.4 SUBSCRIBE Actions | server | yes | Every SUBSCRIBE is answered with a SUBACK.
3.8.4-2 | 3.8.4 SUBSCRIBE Actions | server | yes | The SUBACK has the Packet Identifier of its SUBSCRIBE.
3.8.4-3 | 3.8.4 SUBSCRIBE Actions | server | yes | A SUBSCRIBE with a filter the session already has (non-shared) replaces that subscription.
3.8.4-4 | 3.8.4 SUBSCRIBE Actions | server | yes | On replacement with Retain Handling 0 retained messages are sent again, and no message is lost.
3.8.4-5 | 3.8.4 SUBSCRIBE Actions | server | yes | A SUBSCRIBE with several filters works like a row of single ones but with one SUBACK.
3.8.4-6 | 3.8.4 SUBSCRIBE Actions | server | yes | SUBACK has one Reason Code per requested filter.
3.8.4-7 | 3.8.4 SUBSCRIBE Actions | server | yes | Each SUBACK code is the granted QoS (0x00-0x02) or an error (>= 0x80).
3.8.4-8 | 3.8.4 SUBSCRIBE Actions | server | yes | Messages are delivered at the lower of the published QoS and the granted QoS.
3.9.2-1 | 3.9.2.1.2 Reason String | server | partly | No Reason String in SUBACK if it would exceed the client's Maximum Packet Size.
3.9.2-2 | 3.9.2.1.3 User Property | server | partly | No User Property in SUBACK if it would exceed the client's Maximum Packet Size.
3.9.3-1 | 3.9.3 SUBACK Payload | server | yes | SUBACK codes are in the order of the filters.
3.9.3-2 | 3.9.3 SUBACK Payload | server | yes | SUBACK codes come from 0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2.
3.10.1-1 | 3.10.1 UNSUBSCRIBE Fixed Header | both | yes | UNSUBSCRIBE has the flag nibble 0010; the server treats any other value as malformed and closes.
3.10.3-1 | 3.10.3 UNSUBSCRIBE Payload | client | yes | Topic Filters in UNSUBSCRIBE are UTF-8 strings.
3.10.3-2 | 3.10.3 UNSUBSCRIBE Payload | client | yes | UNSUBSCRIBE holds at least one filter; none is a Protocol Error.
3.10.4-1 | 3.10.4 UNSUBSCRIBE Actions | server | yes | UNSUBSCRIBE filters are compared character by character with the session's filters; an exact match is deleted.
3.10.4-2 | 3.10.4 UNSUBSCRIBE Actions | server | yes | After UNSUBSCRIBE no new matching messages are added for the client.
3.10.4-3 | 3.10.4 UNSUBSCRIBE Actions | server | yes | QoS 1 and 2 deliveries already begun are completed after UNSUBSCRIBE.
3.10.4-4 | 3.10.4 UNSUBSCRIBE Actions | server | yes | Every UNSUBSCRIBE is answered with UNSUBACK.
3.10.4-5 | 3.10.4 UNSUBSCRIBE Actions | server | yes | UNSUBACK has the request's Packet Identifier and is sent even if nothing was deleted.
3.10.4-6 | 3.10.4 UNSUBSCRIBE Actions | server | yes | UNSUBSCRIBE with several filters works like a row of single ones but with one UNSUBACK.
3.11.2-1 | 3.11.2.1.2 Reason String | server | partly | No Reason String in UNSUBACK if it would exceed the client's Maximum Packet Size.
3.11.2-2 | 3.11.2.1.3 User Property | server | partly | No User Property in UNSUBACK if it would exceed the client's Maximum Packet Size.
3.11.3-1 | 3.11.3 UNSUBACK Payload | server | yes | UNSUBACK codes are in the order of the filters.
3.11.3-2 | 3.11.3 UNSUBACK Payload | server | yes | UNSUBACK has one code per filter out of 0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91.
3.12.4-1 | 3.12.4 PINGREQ Actions | server | yes | PINGREQ is answered with PINGRESP.
3.14.0-1 | 3.14 DISCONNECT - Disconnect notification | server | yes | The server sends DISCONNECT only after a CONNACK with a code below 0x80.
3.14.1-1 | 3.14.1 DISCONNECT Fixed Header | both | yes | A receiver checks the reserved bits of DISCONNECT; if not 0 it sends DISCONNECT 0x81.
3.14.2-1 | 3.14.2.1 Disconnect Reason Code | both | yes | DISCONNECT codes come from the DISCONNECT table (0x04 is client only; 0x87, 0x89, 0x8B, 0x8D-0x8F, 0x9A-0xA2 are server only).
3.14.2-2 | 3.14.2.2.2 Session Expiry Interval | server | yes | The server's DISCONNECT has no Session Expiry Interval.
3.14.2-3 | 3.14.2.2.3 Reason String | both | partly | No Reason String in DISCONNECT if it would exceed the receiver's Maximum Packet Size.
3.14.2-4 | 3.14.2.2.4 User Property | both | partly | No User Property in DISCONNECT if it would exceed the receiver's Maximum Packet Size.
3.14.4-1 | 3.14.4 DISCONNECT Actions | both | yes | After DISCONNECT the sender sends no more packets on that connection.
3.14.4-2 | 3.14.4 DISCONNECT Actions | both | yes | After DISCONNECT the sender closes the connection.
3.14.4-3 | 3.14.4 DISCONNECT Actions | server | yes | DISCONNECT 0x00 makes the server discard the Will unpublished.
3.15.1-1 | 3.15.1 AUTH Fixed Header | both | yes | AUTH has flag nibble 0000; any other value is malformed and the connection is closed.
3.15.2-1 | 3.15.2.1 Authenticate Reason Code | both | partly | AUTH code is 0x00 (server only), 0x18, or 0x19 (client only).
3.15.2-2 | 3.15.2.2.4 Reason String | both | partly | No Reason String in AUTH if it would exceed the receiver's Maximum Packet Size.
3.15.2-3 | 3.15.2.2.5 User Property | both | partly | No User Property in AUTH if it would exceed the receiver's Maximum Packet Size.
4.1.0-1 | 4.1.1 Storing Session State | both | yes | Session state is not discarded while the connection is open.
4.1.0-2 | 4.1.1 Storing Session State | server | yes | The server drops the session state once the client is offline for longer than the Session Expiry Interval.
4.2.0-1 | 4.2 Network Connections | both | yes | At least one transport that gives an ordered, lossless, two-way byte stream is supported.
4.3.1-1 | 4.3.1 QoS 0: At most once delivery | both | yes | QoS 0 sender: PUBLISH has QoS 0 and DUP 0.
4.3.2-1 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 sender: each new message gets an unused Packet Identifier.
4.3.2-2 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 sender: first PUBLISH has that id, QoS 1, DUP 0.
4.3.2-3 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 sender: the message stays unacknowledged until the matching PUBACK.
4.3.2-4 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 receiver: answers with PUBACK of the same id once it took the message.
4.3.2-5 | 4.3.2 QoS 1: At least once delivery | both | yes | QoS 1 receiver: after PUBACK the same id is a new message, whatever its DUP flag.
4.3.3-1 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: each new message gets an unused Packet Identifier.
4.3.3-2 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: first PUBLISH has that id, QoS 2, DUP 0.
4.3.3-3 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: the PUBLISH stays unacknowledged until the matching PUBREC.
4.3.3-4 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: a PUBREC below 0x80 is answered by PUBREL with the same id.
4.3.3-5 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: the PUBREL stays unacknowledged until PUBCOMP.
4.3.3-6 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: after PUBREL the PUBLISH is not resent.
4.3.3-7 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 sender: no message expiry once the PUBLISH was sent.
4.3.3-8 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: answers with PUBREC of the same id once it took the message.
4.3.3-9 | 4.3.3 QoS 2: Exactly once delivery | both | partly | QoS 2 receiver: after a PUBREC of 0x80 or more the same id is a new message.
4.3.3-10 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: until PUBREL a repeated PUBLISH with the id is answered by PUBREC and not delivered twice.
4.3.3-11 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: PUBREL is answered by PUBCOMP with the same id.
4.3.3-12 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: after PUBCOMP the same id is a new message.
4.3.3-13 | 4.3.3 QoS 2: Exactly once delivery | both | yes | QoS 2 receiver: the acknowledgement sequence goes on even if the message expired.
4.4.0-1 | 4.4 Message delivery retry | both | yes | On reconnect with Clean Start 0 and a present session both sides resend unacknowledged QoS>0 PUBLISH and PUBREL with their old ids, and at no other time.
4.4.0-2 | 4.4 Message delivery retry | both | yes | A PUBACK or PUBREC of 0x80 or more counts as acknowledged; the PUBLISH is not resent.
4.5.0-1 | 4.5 Message receipt | server | yes | An accepted message is added to the session state of each client with a matching subscription.
4.5.0-2 | 4.5 Message receipt | client | no | A client acknowledges every PUBLISH by its QoS, even one it does not use.
4.6.0-1 | 4.6 Message ordering | client | partly | A client resends PUBLISH packets in the order of their first sending.
4.6.0-2 | 4.6 Message ordering | client | no | A client sends PUBACKs in the order the PUBLISHes came.
4.6.0-3 | 4.6 Message ordering | client | no | A client sends PUBRECs in the order the PUBLISHes came.
4.6.0-4 | 4.6 Message ordering | client | no | A client sends PUBRELs in the order the PUBRECs came.
4.6.0-5 | 4.6 Message ordering | server | yes | On an ordered topic the server sends messages of one publisher, for one topic and QoS, in the order received.
4.6.0-6 | 4.6 Message ordering | server | yes | By default every topic is ordered for non-shared subscriptions.
4.7.0-1 | 4.7.1 Topic wildcards | both | yes | Wildcards are for filters only; a Topic Name has none.
4.7.1-1 | 4.7.1.2 Multi-level wildcard | both | yes | "#" stands alone or after "/", and is the last character of a filter.
4.7.1-2 | 4.7.1.3 Single-level wildcard | both | yes | "+" may be at any level but fills the whole level.
4.7.2-1 | 4.7.2 Topics beginning with $ | server | yes | Filters that begin with a wildcard do not match topics that begin with "$".
4.7.3-1 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters have at least one character.
4.7.3-2 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters do not contain U+0000.
4.7.3-3 | 4.7.3 Topic semantic and usage | both | yes | Topic Names and Filters are UTF-8 of at most 65535 bytes.
4.7.3-4 | 4.7.3 Topic semantic and usage | server | yes | Matching uses topics and filters as they are: no normalization, no substitution.
4.8.2-1 | 4.8.2 Shared Subscriptions | both | yes | A shared subscription filter begins with "$share/" and has a ShareName of at least one character.
4.8.2-2 | 4.8.2 Shared Subscriptions | both | yes | The ShareName has no "/", "+" or "#" and is followed by "/" and a Topic Filter.
4.8.2-3 | 4.8.2 Shared Subscriptions | server | yes | Each shared subscriber is served within its own granted QoS.
4.8.2-4 | 4.8.2 Shared Subscriptions | server | yes | A QoS 2 delivery begun to one member is completed to that member when it reconnects.
4.8.2-5 | 4.8.2 Shared Subscriptions | server | yes | If that member's session ends first, the QoS 2 message goes to no other member.
4.8.2-6 | 4.8.2 Shared Subscriptions | server | yes | A PUBACK or PUBREC of 0x80 or more from a member makes the server discard the message, not offer it to another member.
4.9.0-1 | 4.9 Flow Control | both | yes | The initial send quota is non-zero and not above the peer's Receive Maximum.
4.9.0-2 | 4.9 Flow Control | both | yes | Each QoS>0 PUBLISH uses one unit of quota; at zero no further QoS>0 PUBLISH is sent.
4.9.0-3 | 4.9 Flow Control | both | yes | At zero quota all other packets are still processed and answered.
4.12.0-1 | 4.12 Enhanced authentication | server | yes | An unsupported Authentication Method leads to CONNACK 0x8C or 0x87 (optional) and the connection closes.
4.12.0-2 | 4.12 Enhanced authentication | server | partly | A server AUTH that asks for more data has code 0x18.
4.12.0-3 | 4.12 Enhanced authentication | client | partly | A client answers an AUTH with an AUTH of code 0x18.
4.12.0-4 | 4.12 Enhanced authentication | server | partly | A server that rejects the authentication may send CONNACK >= 0x80 and closes.
4.12.0-5 | 4.12 Enhanced authentication | both | partly | If CONNECT named a method, every AUTH and a successful CONNACK name the same method.
4.12.0-6 | 4.12 Enhanced authentication | server | yes | Without a method in CONNECT the server sends no AUTH and no Authentication Method in CONNACK.
4.12.0-7 | 4.12 Enhanced authentication | client | yes | Without a method in CONNECT the client sends no AUTH.
4.12.1-1 | 4.12.1 Re-authentication | client | partly | Re-authentication is an AUTH 0x19 with the method used at CONNECT.
4.12.1-2 | 4.12.1 Re-authentication | both | partly | If re-authentication fails the connection is closed, preferably after a DISCONNECT with a code.
4.13.1-1 | 4.13.1 Malformed Packet and Protocol Errors | server | yes | On a malformed packet or Protocol Error the server closes the connection.
4.13.2-1 | 4.13.2 Other errors | both | yes | When a code of 0x80 or more is given for CONNACK or DISCONNECT the connection is closed, whether or not that packet is sent.
6.0.0-1 | 6 Using WebSocket as a network transport | both | yes | Over WebSocket, MQTT uses binary frames only; on any other data frame the receiver closes.
6.0.0-2 | 6 Using WebSocket as a network transport | both | yes | WebSocket frames and MQTT packets need not line up.
6.0.0-3 | 6 Using WebSocket as a network transport | client | no | The client offers "mqtt" as WebSocket subprotocol.
6.0.0-4 | 6 Using WebSocket as a network transport | server | yes | The server selects and returns the subprotocol "mqtt".
`
