import { MqttError } from '../errors.js'

/** 0x81: the bytes do not have the form the specification gives them [5.0 MQTT-4.13.1-1]. */
export function malformed(why: string): MqttError {
  return new MqttError('MalformedPacket', why)
}

/** 0x82: the form is right, what it says is not allowed [5.0 MQTT-4.13.1-1]. */
export function protocolError(why: string): MqttError {
  return new MqttError('ProtocolError', why)
}
