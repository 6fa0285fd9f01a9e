package io.jenkins.plugins.minibuild.pipeline;

import groovy.lang.GString;
import hudson.Extension;
import hudson.model.Describable;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The plugin's steps by their names, found through the extension index as Jenkins finds them. */
public final class StepRegistry {
    private static final String PLUGIN = "io.jenkins.plugins.minibuild.";

    private final Map<String, Class<? extends Step>> steps = new TreeMap<>();

    /** Reads the index of the class path; extensions of other plugins, which need a running Jenkins, are skipped. */
    public static StepRegistry fromIndex() {
        StepRegistry registry = new StepRegistry();
        for (IndexItem<Extension, Object> item :
                Index.load(Extension.class, Object.class, StepRegistry.class.getClassLoader())) {
            if (!item.className().startsWith(PLUGIN)) {
                continue;
            }
            try {
                if (item.element() instanceof Class<?> type && StepDescriptor.class.isAssignableFrom(type)) {
                    StepDescriptor descriptor = (StepDescriptor) item.instance();
                    registry.steps.put(descriptor.getFunctionName(), descriptor.clazz);
                }
            } catch (InstantiationException e) {
                throw new IllegalStateException(item + " cannot be made", e);
            }
        }
        return registry;
    }

    public Set<String> names() {
        return steps.keySet();
    }

    /** The classes of all steps. */
    public Collection<Class<? extends Step>> types() {
        return steps.values();
    }

    /**
     * A step with the given named arguments, bound as Jenkins binds them.
     *
     * @throws IllegalArgumentException as Jenkins does for an unknown or missing argument or a refused value
     */
    public TaskStep<?> step(String name, Map<String, ?> arguments) {
        Class<? extends Step> type = steps.get(name);
        if (type == null) {
            throw new IllegalArgumentException("No such DSL method '" + name + "' found among steps " + names());
        }
        return (TaskStep<?>) bound(type, arguments);
    }

    private static Object bound(Class<?> type, Map<String, ?> arguments) {
        Map<String, Object> left = new LinkedHashMap<>(arguments);
        try {
            Constructor<?> constructor = constructorOf(type);
            List<Object> values = new ArrayList<>();
            for (Parameter parameter : constructor.getParameters()) {
                values.add(coerce(left.remove(parameter.getName()), parameter.getType(), parameter.getName()));
            }
            Object step = constructor.newInstance(values.toArray());
            for (Map.Entry<String, Object> argument : left.entrySet()) {
                Method setter = setterOf(type, argument.getKey());
                if (setter == null) {
                    throw new IllegalArgumentException("WARNING: Unknown parameter(s) found for class type '"
                            + type.getName() + "': " + argument.getKey());
                }
                setter.invoke(step, coerce(argument.getValue(), setter.getParameterTypes()[0], argument.getKey()));
            }
            return step;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalArgumentException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be bound", e);
        }
    }

    private static Constructor<?> constructorOf(Class<?> type) {
        for (Constructor<?> constructor : type.getConstructors()) {
            if (constructor.isAnnotationPresent(DataBoundConstructor.class)) {
                return constructor;
            }
        }
        throw new IllegalStateException(type + " has no @DataBoundConstructor");
    }

    private static Method setterOf(Class<?> type, String property) {
        String name = "set" + Character.toUpperCase(property.charAt(0)) + property.substring(1);
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)
                    && method.isAnnotationPresent(DataBoundSetter.class)
                    && method.getParameterCount() == 1) {
                return method;
            }
        }
        return null;
    }

    private static Object coerce(Object value, Class<?> to, String name) {
        if (value instanceof GString) {
            return coerce(value.toString(), to, name);
        }
        if (value == null) {
            return to == boolean.class ? Boolean.FALSE : to.isPrimitive() ? (Object) 0 : null;
        }
        if (value instanceof Map<?, ?> map && Describable.class.isAssignableFrom(to)) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((key, each) -> named.put(key.toString(), each));
            return bound(to, named);
        }
        if (value instanceof Number number) {
            if (to == int.class || to == Integer.class) {
                return number.intValue();
            }
            if (to == long.class || to == Long.class) {
                return number.longValue();
            }
            if (to == double.class || to == Double.class) {
                return number.doubleValue();
            }
        }
        if (to == boolean.class && value instanceof Boolean || to.isInstance(value)) {
            return value;
        }
        throw new IllegalArgumentException(
                "Could not instantiate: " + name + " expects " + to + " but received " + value.getClass());
    }
}
