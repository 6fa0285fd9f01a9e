package jenkins.security.stapler;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks a type whose objects a getter may give an address to. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
public @interface StaplerAccessibleType {}
