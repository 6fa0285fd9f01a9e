package io.jenkins.plugins.minibuild.access;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/**
 * Asks an action for everything that its pages, its API and its addresses can tell: every getter and every method that answers GET, and the same
 * of whatever these return.
 */
public final class Visit {
    private static final String OURS = "io.jenkins.plugins.minibuild.";
    private static final int MOST = 20_000;

    /** What was told, by the method that told it. */
    private final Map<String, List<Object>> told = new TreeMap<>();

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();

    private Visit() {}

    /** The names of the methods that tell a text, or bytes that hold it. */
    public static Set<String> whoTells(Object action, String text) {
        Visit visit = new Visit();
        visit.open.add(action);
        while (!visit.open.isEmpty() && visit.seen.size() < MOST) {
            Object next = visit.open.poll();
            if (visit.seen.add(next)) {
                visit.ask(next);
            }
        }
        Map<String, List<Object>> found = new TreeMap<>(visit.told);
        found.values()
                .removeIf(all -> all.stream().noneMatch(each -> each.toString().contains(text)));
        return found.keySet();
    }

    private void ask(Object object) {
        for (Method method : object.getClass().getMethods()) {
            String name = method.getName();
            if (!method.getDeclaringClass().getName().startsWith(OURS)
                    || Modifier.isStatic(method.getModifiers())
                    || method.getReturnType().getName().startsWith("hudson.model.")) {
                continue;
            }
            boolean getter = method.getParameterCount() == 0
                    && (object.getClass().isRecord() || name.matches("(get|is)[A-Z].*"));
            if (getter || name.equals("getDynamic") || method.isAnnotationPresent(GET.class)) {
                call(object, method);
            }
        }
    }

    private void call(Object object, Method method) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == String.class
                        ? (method.getName().equals("getDynamic") ? "1" : "0")
                        : argument(type, answer))
                .toArray();
        String name = object.getClass().getSimpleName() + "." + method.getName();
        try {
            method.setAccessible(true);
            take(name, method.invoke(object, arguments));
        } catch (InvocationTargetException | IllegalAccessException | RuntimeException e) {
            // Refused, or it needs more of Jenkins than there is here: then it told what it had written before.
        }
        take(name, answer.toString(StandardCharsets.UTF_8));
    }

    private static Object argument(Class<?> type, ByteArrayOutputStream answer) {
        if (type == StaplerResponse2.class) {
            return Proxy.newProxyInstance(
                    Visit.class.getClassLoader(),
                    new Class<?>[] {StaplerResponse2.class},
                    (proxy, method, arguments) -> method.getName().equals("getOutputStream") ? out(answer) : null);
        }
        if (type == StaplerRequest2.class) {
            return Proxy.newProxyInstance(
                    Visit.class.getClassLoader(),
                    new Class<?>[] {StaplerRequest2.class},
                    (proxy, method, arguments) -> null);
        }
        return type == int.class ? (Object) 0 : null;
    }

    private static ServletOutputStream out(ByteArrayOutputStream answer) {
        return new ServletOutputStream() {
            @Override
            public void write(int b) {
                answer.write(b);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {}
        };
    }

    private void take(String name, Object value) {
        if (value instanceof Optional<?> some) {
            some.ifPresent(each -> take(name, each));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> {
                take(name, key);
                take(name, each);
            });
        } else if (value instanceof Collection<?> all) {
            all.forEach(each -> take(name, each));
        } else if (value != null && value.getClass().getName().startsWith(OURS) && !(value instanceof Enum)) {
            open.add(value);
        } else if (value != null) {
            told.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
    }
}
