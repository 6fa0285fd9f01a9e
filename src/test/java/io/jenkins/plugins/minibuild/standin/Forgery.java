package io.jenkins.plugins.minibuild.standin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.ObjectStreamField;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects as an agent can send them: with any value in any field, whatever their constructors say. It writes Java's serialization protocol by hand; the
 * object is then read as it is from a real agent.
 */
public final class Forgery {
    private final DataOutputStream out;

    private Forgery(DataOutputStream out) {
        this.out = out;
    }

    /**
     * An object that no constructor has seen.
     *
     * @param fields values of its fields; those that are missing are 0 or null
     */
    public record Forged(Class<?> type, Map<String, Object> fields) {}

    /** A forged object; names and values alternate. */
    public static Forged of(Class<?> type, Object... fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            values.put((String) fields[i], fields[i + 1]);
        }
        return new Forged(type, values);
    }

    /** Sends a value and reads it as the other side does. */
    public static Object received(Object value) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent(value)))) {
            return in.readObject();
        }
    }

    private static byte[] sent(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        new Forgery(out).write(value);
        return bytes.toByteArray();
    }

    private void write(Object value) throws IOException {
        if (value == null) {
            out.writeByte(ObjectStreamConstants.TC_NULL);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Enum<?> constant) {
            out.writeByte(ObjectStreamConstants.TC_ENUM);
            describe(constant.getDeclaringClass(), ObjectStreamConstants.SC_ENUM);
            text(constant.name());
        } else if (value instanceof byte[] bytes) {
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            describe(byte[].class, 0);
            out.writeInt(bytes.length);
            out.write(bytes);
        } else if (value instanceof List<?> list) {
            object(java.util.ArrayList.class, Map.of("size", list.size()), () -> {
                block(list.size());
                for (Object each : list) {
                    write(each);
                }
            });
        } else if (value instanceof Map<?, ?> map) {
            object(java.util.HashMap.class, Map.of("loadFactor", 0.75f, "threshold", 12), () -> {
                block(16, map.size());
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    write(each.getKey());
                    write(each.getValue());
                }
            });
        } else if (value instanceof Forged forged) {
            object(forged.type(), forged.fields(), null);
        } else {
            // a number or a truth value in its box
            object(value.getClass(), Map.of("value", value), null);
        }
    }

    private void object(Class<?> type, Map<String, Object> fields, Writing more) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        describe(type, more == null ? 0 : ObjectStreamConstants.SC_WRITE_METHOD);
        for (ObjectStreamField field : ObjectStreamClass.lookup(type).getFields()) {
            Object value = fields.get(field.getName());
            switch (field.getTypeCode()) {
                case 'Z' -> out.writeBoolean(Boolean.TRUE.equals(value));
                case 'I' -> out.writeInt(value == null ? 0 : ((Number) value).intValue());
                case 'J' -> out.writeLong(value == null ? 0 : ((Number) value).longValue());
                case 'F' -> out.writeFloat(value == null ? 0 : ((Number) value).floatValue());
                case 'D' -> out.writeDouble(value == null ? 0 : ((Number) value).doubleValue());
                case 'L', '[' -> write(value);
                default -> throw new IllegalArgumentException("a field of type " + field.getTypeCode());
            }
        }
        if (more != null) {
            more.write();
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        }
    }

    private void describe(Class<?> type, int flags) throws IOException {
        ObjectStreamClass known = type == null ? null : ObjectStreamClass.lookup(type);
        if (known == null) {
            out.writeByte(ObjectStreamConstants.TC_NULL);
            return;
        }
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(known.getName());
        out.writeLong(known.getSerialVersionUID());
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE | flags);
        ObjectStreamField[] fields = known.getFields();
        out.writeShort(fields.length);
        for (ObjectStreamField field : fields) {
            out.writeByte(field.getTypeCode());
            out.writeUTF(field.getName());
            if (!field.isPrimitive()) {
                text(field.getTypeString());
            }
        }
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        describe(type.getSuperclass(), flags & ObjectStreamConstants.SC_ENUM);
    }

    private void text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.indexOf('\0') < 0
                && text.chars().noneMatch(c -> Character.isSurrogate((char) c))
                && bytes.length > 0xFFFF) {
            out.writeByte(ObjectStreamConstants.TC_LONGSTRING);
            out.writeLong(bytes.length);
            out.write(bytes);
        } else {
            out.writeByte(ObjectStreamConstants.TC_STRING);
            out.writeUTF(text);
        }
    }

    private void block(int... numbers) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_BLOCKDATA);
        out.writeByte(4 * numbers.length);
        for (int each : numbers) {
            out.writeInt(each);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }
}
