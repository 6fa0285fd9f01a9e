package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.thoughtworks.xstream.converters.reflection.SunUnsafeReflectionProvider;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every check and every list of every form, found in the index of extensions, so that what is added is covered by itself: whatever a browser sends or leaves out,
 * the answer is one for people. Without it Jenkins answers with a page of an error and writes the form to its log.
 */
class FormMethodsTest {
    private static final String OURS = "io.jenkins.plugins.minibuild.";

    /** A job that the user may configure. */
    private static final Item JOB = (Item) Proxy.newProxyInstance(
            FormMethodsTest.class.getClassLoader(),
            new Class<?>[] {Item.class},
            (proxy, method, arguments) -> method.getReturnType() == boolean.class
                    ? (Object) true
                    : method.getReturnType() == String.class ? "team/shop" : null);

    private static List<Class<?>> descriptors() throws InstantiationException {
        List<Class<?>> found = new ArrayList<>();
        for (IndexItem<Extension, Object> item :
                Index.load(Extension.class, Object.class, FormMethodsTest.class.getClassLoader())) {
            if (item.className().startsWith(OURS)
                    && !item.className().contains(".planted.")
                    && item.element() instanceof Class<?> type
                    && Descriptor.class.isAssignableFrom(type)) {
                found.add(type);
            }
        }
        return found;
    }

    private static List<Method> forms(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(each -> each.getName().matches("do(Check|Fill|AutoComplete)[A-Z].*")
                        && each.getDeclaringClass().getName().startsWith(OURS)
                        && !Modifier.isAbstract(each.getModifiers())
                        && !each.isBridge())
                .toList();
    }

    @Test
    void allAreFound() throws Exception {
        assertThat(descriptors()).hasSizeGreaterThan(25);
        assertThat(descriptors().stream().mapToInt(each -> forms(each).size()).sum())
                .isGreaterThan(150);
    }

    @TestFactory
    Stream<DynamicTest> whateverABrowserLeavesOutGetsAnAnswer() throws Exception {
        return descriptors().stream().flatMap(type -> forms(type).stream()
                .map(method -> DynamicTest.dynamicTest(
                        type.getName().substring(OURS.length()) + " " + method.getName(),
                        () -> ask(new SunUnsafeReflectionProvider().newInstance(type), method))));
    }

    private static void ask(Object form, Method method) throws Exception {
        for (String value :
                Arrays.asList(null, "", " ", "$BRANCH", "no-such", "../..", "9".repeat(40), "\u0000\n<b>")) {
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(type -> argument(type, value))
                    .toArray();
            Object answer;
            try {
                answer = method.invoke(form, arguments);
            } catch (InvocationTargetException e) {
                checkThatJenkinsIsMissing(method, value, e.getCause());
                continue;
            }
            if (answer instanceof FormValidation validation) {
                String message = validation.getMessage();
                assertThat(message == null ? "" : message)
                        .as(method + " of " + value)
                        .doesNotContain("Exception", "For input string", "null");
            } else {
                assertThat(answer).as(method.toString()).isInstanceOfAny(ListBoxModel.class, Object.class);
            }
        }
    }

    private static Object argument(Class<?> type, String value) {
        if (type == String.class) {
            return value;
        } else if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 0;
        }
        return type == Item.class ? JOB : null;
    }

    /** What asks Jenkins, or another plugin, fails in there: there is none in this test. What fails in the plugin's own code fails with Jenkins too. */
    private static void checkThatJenkinsIsMissing(Method method, String value, Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String name = frame.getClassName();
            if (name.startsWith(OURS)) {
                break;
            }
            if (name.matches("(jenkins|hudson|com\\.cloudbees|org\\.jenkinsci)\\..*")) {
                return;
            }
        }
        fail(method + " of " + value, thrown);
    }
}
