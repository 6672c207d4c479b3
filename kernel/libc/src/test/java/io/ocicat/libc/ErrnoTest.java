package io.ocicat.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ErrnoTest {

  @Test
  void hasANameAndATextForEachConstant() throws IllegalAccessException {
    for (Field field : Errno.class.getFields()) {
      Errno errno = (Errno) field.get(null);
      assertThat(errno.name()).isEqualTo(field.getName());
      assertThat(errno.text()).isNotBlank();
    }
  }

  @Test
  void keepsANumberThatHasNoName() {
    assertThat(new Errno(523).name()).isEqualTo("errno 523");
  }

  @Test
  void tellsTheCallAndWhatItWasAbout() {
    assertThatThrownBy(() -> Syscalls.open(Path.of("/nowhere/at/all"), LinuxFile.O_RDONLY, 0))
        .isInstanceOfSatisfying(
            LibcException.class,
            e -> {
              assertThat(e.call()).isEqualTo("open");
              assertThat(e.is(Errno.ENOENT)).isTrue();
              assertThat(e.context()).isEqualTo("/nowhere/at/all");
            })
        .hasMessage("open /nowhere/at/all: ENOENT (No such file or directory)");
  }

  @Test
  void refusesADescriptorThatIsClosed() {
    Fd fd = Syscalls.open(Path.of("/dev/null"), LinuxFile.O_WRONLY, 0);
    assertThat(Syscalls.write(fd, new byte[3])).isEqualTo(3);
    fd.close();
    fd.close();
    assertThatThrownBy(fd::value).isInstanceOf(IllegalStateException.class);
  }
}
