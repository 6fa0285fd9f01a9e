package io.jenkins.plugins.minibuild.standin;

import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * An agent whose code was replaced: it answers some calls with whatever an attacker likes, and does the others as an honest one. What it answers goes through
 * Java's serialization, as over a real connection.
 */
public final class HostileAgent {
    private static final Object SILENCE = new Object();

    private final Predicate<Object> attacked;
    private final Object answer;
    private final Set<Class<?>> asked = new LinkedHashSet<>();
    private int lies;

    private HostileAgent(Predicate<Object> attacked, Object answer) {
        this.attacked = attacked;
        this.answer = answer;
    }

    /**
     * An agent that lies to one kind of call.
     *
     * @param attacked the class of the callable; null for every call
     * @param answer as {@link Forgery} takes it; a Throwable is thrown
     */
    public static HostileAgent answering(Class<?> attacked, Object answer) {
        return new HostileAgent(call -> attacked == null || attacked.isInstance(call), answer);
    }

    /** An agent as it should be, which remembers what it was asked. */
    public static HostileAgent honest() {
        return new HostileAgent(call -> false, null);
    }

    /** The classes of the callables that it was asked, in the order of the first time. */
    public List<Class<?>> asked() {
        return List.copyOf(asked);
    }

    /**
     * An agent that never answers one kind of call. Whoever waits for it has waited as long as they would at once; whoever would wait for ever gets an error
     * that says so.
     *
     * @param attacked the class of the callable
     */
    public static HostileAgent silentOn(Class<?> attacked) {
        return new HostileAgent(attacked::isInstance, SILENCE);
    }

    /** How often it has lied, or said nothing. */
    public int lies() {
        return lies;
    }

    /** A file of this agent. */
    public FilePath file(File file) {
        return new FilePath(channel(), file.getPath());
    }

    /** The controller's way to it. */
    public VirtualChannel channel() {
        return (VirtualChannel) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {VirtualChannel.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "call":
                            return answer((Callable<?, ?>) arguments[0]);
                        case "callAsync":
                            return later((Callable<?, ?>) arguments[0], method.getReturnType());
                        case "export":
                            return arguments[1];
                        case "syncLocalIO":
                            // Jenkins waits for nothing here: there are no pipes.
                            return null;
                        case "equals":
                            return proxy == arguments[0];
                        case "hashCode":
                            return System.identityHashCode(proxy);
                        case "toString":
                            return "a hostile agent";
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private synchronized Object answer(Callable<?, ?> call) throws Throwable {
        asked.add(carried(call).getClass());
        if (!attacked.test(carried(call))) {
            return call.call();
        }
        lies++;
        if (answer == SILENCE) {
            throw new AssertionError("would wait for ever for " + carried(call).getClass());
        }
        if (answer instanceof Throwable failure) {
            throw failure;
        }
        return Forgery.received(answer);
    }

    private Object later(Callable<?, ?> call, Class<?> future) throws IllegalAccessException {
        if (answer == SILENCE && attacked.test(carried(call))) {
            lies++;
            return never(future);
        }
        CompletableFuture<Object> done = new CompletableFuture<>();
        try {
            done.complete(answer(call));
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
        return Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {future}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(done, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object never(Class<?> future) {
        return Proxy.newProxyInstance(
                HostileAgent.class.getClassLoader(), new Class<?>[] {future}, (proxy, method, arguments) -> {
                    if (method.getName().equals("cancel")) {
                        return true;
                    }
                    if (method.getName().equals("get") && arguments != null) {
                        throw new TimeoutException();
                    }
                    throw new AssertionError("would wait for ever: " + method);
                });
    }

    /** What is called comes in a wrapper of AgentAnswer, on a file also in one of Jenkins. */
    public static Object carried(Object call) throws IllegalAccessException {
        for (Field field : call.getClass().getDeclaredFields()) {
            if (field.getType() == FilePath.FileCallable.class || field.getType() == Callable.class) {
                field.setAccessible(true);
                return carried(field.get(call));
            }
        }
        return call;
    }
}
