package io.jenkins.plugins.minibuild.standin;

import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * An agent whose code was replaced: it answers some calls with whatever an attacker likes, and does the others as an honest one. What it answers goes through
 * Java's serialization, as over a real connection.
 */
public final class HostileAgent {
    private final Predicate<Object> attacked;
    private final Object answer;
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

    /** How often it has lied. */
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

    private Object answer(Callable<?, ?> call) throws Throwable {
        if (!attacked.test(carried(call))) {
            return call.call();
        }
        lies++;
        if (answer instanceof Throwable failure) {
            throw failure;
        }
        return Forgery.received(answer);
    }

    private Object later(Callable<?, ?> call, Class<?> future) {
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
