"""What is kept on the disk for the owner's eyes only."""

from portal.secrets import private_folder


def test_nobody_else_enters_the_folder_of_mails(tmp_path):
    (tmp_path / "mail").mkdir(mode=0o755)

    assert private_folder(tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    assert private_folder(tmp_path / "new" / "mail").stat().st_mode & 0o777 == 0o700
