<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>CandidateRows</name>
    <message>
        <source>Blank {number}: {word}, {share}</source>
        <translation>空らん {number}：{word}、{share}</translation>
    </message>
</context>
<context>
    <name>ChatGuide</name>
    <message>
        <source>It continues</source>
        <translation>続きを書きます</translation>
    </message>
    <message>
        <source>A base version has only learned which token comes next. It does not answer questions; it &lt;b&gt;goes on&lt;/b&gt; in the manner of its text. So give it a beginning.</source>
        <translation>基盤版が学んだのは、次に来るトークンをあてることだけです。質問には答えず、読んだ文章の調子で&lt;b&gt;続き&lt;/b&gt;を書きます。書き出しをあげてください。</translation>
    </message>
    <message>
        <source>What the shading says</source>
        <translation>濃淡の見かた</translation>
    </message>
    <message>
        <source>&lt;b&gt;Dark&lt;/b&gt;: it was sure. &lt;b&gt;Pale&lt;/b&gt;: it hesitated. A red line: this token was not even among its ten best guesses; it was drawn by chance.</source>
        <translation>&lt;b&gt;濃い&lt;/b&gt;ところは自信があり、&lt;b&gt;うすい&lt;/b&gt;ところは迷っています。赤い線は、予想の上位10にも入らず、くじで引かれたトークンです。</translation>
    </message>
    <message>
        <source>Daring</source>
        <translation>思いきり</translation>
    </message>
    <message>
        <source>A low temperature repeats what is likely, a high one dares more and errs more. The same &lt;b&gt;seed&lt;/b&gt; gives the same answer again.</source>
        <translation>温度が低いとありそうな言葉をくり返し、高いと思いきった言葉が増えて、まちがいも増えます。同じ&lt;b&gt;種&lt;/b&gt;なら、同じ答えがもう一度出ます。</translation>
    </message>
    <message>
        <source>What it cannot do</source>
        <translation>できないこと</translation>
    </message>
    <message>
        <source>A small model is a tool, not an oracle: it knows the sound of its books, not the truth of the world.</source>
        <translation>小さなモデルは道具であり、物知りではありません。知っているのは本の言葉の響きで、世の中の真実ではありません。</translation>
    </message>
    <message>
        <source>Base version</source>
        <translation>基盤版</translation>
    </message>
    <message>
        <source>Continues text. A chat version answers.</source>
        <translation>文の続きを書く版です。質問に答えるのは対話版です。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How much chance has a say in the choice of tokens.</source>
        <translation>トークンを選ぶとき、どれくらい偶然に任せるかです。</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>文脈</translation>
    </message>
    <message>
        <source>How many tokens the version can look back on.</source>
        <translation>版がさかのぼって見られるトークンの数です。</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Conversations</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新しい会話</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>ごみ箱に移す</translation>
    </message>
</context>
<context>
    <name>ChatModel</name>
    <message>
        <source>New chat</source>
        <translation>新しい会話</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>たったいま</translation>
    </message>
    <message>
        <source>{time} ago</source>
        <translation>{time}前</translation>
    </message>
</context>
<context>
    <name>ChatScreen</name>
    <message>
        <source>Inspect</source>
        <translation>しらべる</translation>
    </message>
    <message>
        <source>Version to chat with</source>
        <translation>話す相手の版</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会話の一覧</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新しい会話</translation>
    </message>
    <message>
        <source>Show surprise</source>
        <translation>驚きを見る</translation>
    </message>
    <message>
        <source>The stronger a token's colour, the surer the version was of it</source>
        <translation>色の濃いトークンほど、版に自信がありました</translation>
    </message>
    <message>
        <source>Click a token to see what else it might have said</source>
        <translation>トークンを押すと、ほかの候補が見られます</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>A base version does not answer: it continues what you begin. Write the first words.</source>
        <translation>基盤版は答えるのではなく、書きはじめた文の続きを書きます。はじめの言葉を書いてください。</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新しい会話</translation>
    </message>
    <message>
        <source>The conversation is in the trash</source>
        <translation>会話をごみ箱に移しました</translation>
    </message>
    <message>
        <source>Its version cannot be used any more; answers now come from “{other}”.</source>
        <translation>この会話の版はもう使えません。これからは「{other}」が答えます。</translation>
    </message>
    <message>
        <source>Its version “{name}” is in the trash; answers now come from “{other}”.</source>
        <translation>この会話の版「{name}」はごみ箱にあります。これからは「{other}」が答えます。</translation>
    </message>
    <message>
        <source>loading…</source>
        <translation>読みこみ中…</translation>
    </message>
    <message>
        <source>Train a version first</source>
        <translation>まず版を育ててください</translation>
    </message>
    <message>
        <source>Base version: it continues your text</source>
        <translation>基盤版：文の続きを書きます</translation>
    </message>
    <message>
        <source>Chat version: it answers</source>
        <translation>対話版：質問に答えます</translation>
    </message>
    <message>
        <source>loaded · {size}</source>
        <translation>読みこみ済み · {size}</translation>
    </message>
    <message>
        <source>The conversation has grown too long for this version: it answered without the first {count} messages.</source>
        <translation>会話がこの版で読める長さを超えました。はじめの {count} 件を除いて答えています。</translation>
    </message>
</context>
<context>
    <name>ChoiceField</name>
    <message>
        <source>auto {value}</source>
        <translation>自動（{value}）</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
</context>
<context>
    <name>Cleaning</name>
    <message>
        <source>Merge duplicates</source>
        <translation>同じ文書をまとめる</translation>
    </message>
    <message>
        <source>Equal documents are read once: reading them often invites memorising.</source>
        <translation>まったく同じ文書は一度だけ読みます。何度も読むと丸暗記のもとになります。</translation>
    </message>
    <message>
        <source>Merge near-duplicates</source>
        <translation>ほぼ同じ文書をまとめる</translation>
    </message>
    <message>
        <source>Of documents that differ in few places, one is read.</source>
        <translation>わずかしか違わない文書は、そのうちの一つだけを読みます。</translation>
    </message>
    <message>
        <source>Repeated paragraphs once</source>
        <translation>くり返す段落は一度だけ</translation>
    </message>
    <message>
        <source>Paragraphs that many documents repeat, such as signatures and notices, are kept once.</source>
        <translation>署名や断り書きなど、多くの文書がくり返す段落は一度だけ残します。</translation>
    </message>
    <message>
        <source>Shortest document</source>
        <translation>いちばん短い文書</translation>
    </message>
    <message>
        <source>Documents with fewer characters are left out. 0 keeps all.</source>
        <translation>これより文字の少ない文書を除きます。0 ならすべて残します。</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Documents in other languages are left out.</source>
        <translation>ほかの言語の文書を除きます。</translation>
    </message>
    <message>
        <source>Strip Gutenberg licences</source>
        <translation>Gutenberg 付記を除く</translation>
    </message>
    <message>
        <source>Removes the licence before and after books of Project Gutenberg.</source>
        <translation>Project Gutenberg の本の前後にある断り書きと利用条件を除きます。</translation>
    </message>
    <message>
        <source>Strip ruby readings 《》</source>
        <translation>ルビ《》を除く</translation>
    </message>
    <message>
        <source>Removes reading aids of Aozora Bunko such as 《てらこや》 and the mark ｜.</source>
        <translation>青空文庫の《てらこや》のような読みと、記号｜を除きます。</translation>
    </message>
    <message>
        <source>Strip notes ［＃…］</source>
        <translation>注記［＃…］を除く</translation>
    </message>
    <message>
        <source>Removes typesetting notes, the legend and the colophon of Aozora Bunko.</source>
        <translation>青空文庫の組版の注記、記号の説明、奥付を除きます。</translation>
    </message>
    <message>
        <source>Strip web page menus</source>
        <translation>ウェブページのメニューを除く</translation>
    </message>
    <message>
        <source>Removes navigation, menus, cookie notices and footers of web pages.</source>
        <translation>ウェブページの案内、メニュー、クッキーの通知、フッターを除きます。</translation>
    </message>
    <message>
        <source>Strip PDF page numbers</source>
        <translation>PDF のページ番号を除く</translation>
    </message>
    <message>
        <source>Removes page numbers and running heads of PDF pages, and joins words that were hyphenated at line ends.</source>
        <translation>PDF のページ番号と柱を除き、行末のハイフンで切れた単語をつなぎます。</translation>
    </message>
    <message>
        <source>Strip control characters</source>
        <translation>制御文字を除く</translation>
    </message>
    <message>
        <source>Removes invisible characters that are no text.</source>
        <translation>文章ではない、目に見えない文字を除きます。</translation>
    </message>
    <message>
        <source>Mend garbled characters</source>
        <translation>文字化けを直す</translation>
    </message>
    <message>
        <source>Text that was once opened in a wrong encoding and saved is made readable again.</source>
        <translation>違う文字コードで開いたまま保存された文章を、読めるように戻します。</translation>
    </message>
    <message>
        <source>Normal form</source>
        <translation>正規形</translation>
    </message>
    <message>
        <source>One way of writing for characters that look alike. NFKC also makes full-width letters and half-width kana usual.</source>
        <translation>同じに見える文字の書き方をそろえます。NFKC は全角英数字と半角カナもふつうの幅にします。</translation>
    </message>
    <message>
        <source>Mask personal data</source>
        <translation>個人情報を伏せる</translation>
    </message>
    <message>
        <source>Puts a mark in the place of mail addresses, numbers and the like. Names are not found: read through what others must not see.</source>
        <translation>メールアドレスや番号などを印に置きかえます。人名は見つけられません。人に見せられないものは、読んで確かめてください。</translation>
    </message>
    <message>
        <source>Mail addresses</source>
        <translation>メールアドレス</translation>
    </message>
    <message>
        <source>Phone numbers</source>
        <translation>電話番号</translation>
    </message>
    <message>
        <source>Postal codes</source>
        <translation>郵便番号</translation>
    </message>
    <message>
        <source>My Number</source>
        <translation>マイナンバー</translation>
    </message>
    <message>
        <source>Card numbers</source>
        <translation>カード番号</translation>
    </message>
    <message>
        <source>IP addresses</source>
        <translation>IP アドレス</translation>
    </message>
    <message>
        <source>−{count} docs</source>
        <translation>−{count}文書</translation>
    </message>
    <message>
        <source>{count} places</source>
        <translation>{count}か所</translation>
    </message>
    <message>
        <source>{count} mended</source>
        <translation>{count}字を直す</translation>
    </message>
    <message>
        <source>−{count} ch.</source>
        <translation>−{count}字</translation>
    </message>
</context>
<context>
    <name>CleaningCard</name>
    <message>
        <source>Cleaning</source>
        <translation>お掃除</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>すべての項目…</translation>
    </message>
    <message>
        <source>All that cleaning can do</source>
        <translation>お掃除でできることのすべて</translation>
    </message>
    <message>
        <source>Kept for the test</source>
        <translation>見せずに取っておく</translation>
    </message>
    <message>
        <source>Share of the text that the model never sees</source>
        <translation>モデルに見せない文章の割合</translation>
    </message>
    <message>
        <source>This can be changed when all is read.</source>
        <translation>すべて読みおわると変えられます。</translation>
    </message>
    <message>
        <source>changed, not read yet</source>
        <translation>変更はまだ読んでいません</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Back to how it was read</source>
        <translation>読んだときの設定に戻します</translation>
    </message>
    <message>
        <source>Read again like this</source>
        <translation>この設定で読みなおす</translation>
    </message>
    <message>
        <source>Show what was found twice</source>
        <translation>重なっていたものを見る</translation>
    </message>
</context>
<context>
    <name>CleaningSheet</name>
    <message>
        <source>Cleaning</source>
        <translation>お掃除</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>そのまま</translation>
    </message>
    <message>
        <source>NFKC (widths too)</source>
        <translation>NFKC（幅も）</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Names are not found</source>
        <translation>人名は見つけられません</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Personal data</source>
        <translation>個人情報</translation>
    </message>
    <message>
        <source>Names are not found. Read through what others must not see.</source>
        <translation>人名は見つけられません。人に見せられないものは、読んで確かめてください。</translation>
    </message>
    <message>
        <source>Books</source>
        <translation>本</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>ページ</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>文章を見る</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>As it was read</source>
        <translation>読んだときの設定</translation>
    </message>
    <message>
        <source>Your files are never changed. The numbers are of the last reading; the text below shows your choice at once.</source>
        <translation>元のファイルは決して変わりません。数は前に読んだときのものです。選ぶと、すぐに下の文章に表れます。</translation>
    </message>
</context>
<context>
    <name>ClosingDialog</name>
    <message>
        <source>Close Terakoya</source>
        <translation>Terakoyaを閉じる</translation>
    </message>
    <message>
        <source>“{name}” is still learning.</source>
        <translation>「{name}」はまだ学習中です。</translation>
    </message>
    <message>
        <source>It can go on without the window, or be saved and wait. Either way you find it again in the Training tab.</source>
        <translation>ウィンドウを閉じても学習を続けることも、保存して止めておくこともできます。どちらにしても、「学習」タブでまた見つかります。</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>閉じない</translation>
    </message>
    <message>
        <source>Save and stop</source>
        <translation>保存して止める</translation>
    </message>
    <message>
        <source>Go on without the window</source>
        <translation>ウィンドウなしで続ける</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>次からはたずねない</translation>
    </message>
</context>
<context>
    <name>ColophonCard</name>
    <message>
        <source>Colophon</source>
        <translation>奥付</translation>
    </message>
    <message>
        <source>Copy the colophon</source>
        <translation>奥付を写す</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系統</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>{count} weights on “{base}”</source>
        <translation>「{base}」の上に重み{count}個</translation>
    </message>
    <message>
        <source>{count} weights on “{base}”, the rows of {tokens} tokens among them</source>
        <translation>「{base}」の上に重み{count}個（トークン{tokens}個の行をふくむ）</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>文脈</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count}トークン</translation>
    </message>
    <message>
        <source>vocabulary {count}</source>
        <translation>語彙 {count}</translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation>どこから</translation>
    </message>
    <message>
        <source>licence unknown</source>
        <translation>使用許諾は不明</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>測定ずみ</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>見積もり</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>電力</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>種 {seed}</translation>
    </message>
    <message>
        <source>Reproduce</source>
        <translation>再現の鍵</translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation>{count}字</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>Has read</source>
        <translation>読んだ量</translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation>{count}回</translation>
    </message>
    <message>
        <source>pseudo bits/byte</source>
        <translation>疑似ビット/バイト</translation>
    </message>
    <message>
        <source>bits/byte of answers</source>
        <translation>ビット/バイト（答え）</translation>
    </message>
    <message>
        <source>Unseen text</source>
        <translation>見せていない文</translation>
    </message>
    <message>
        <source>better answer ahead</source>
        <translation>よい答えが上</translation>
    </message>
    <message>
        <source>bits/byte</source>
        <translation>bits/byte</translation>
    </message>
    <message>
        <source>Unseen pairs</source>
        <translation>見せていない組</translation>
    </message>
    <message>
        <source>Parent's text</source>
        <translation>親の文章</translation>
    </message>
    <message>
        <source>whole conversations</source>
        <translation>会話全体</translation>
    </message>
    <message>
        <source>Measured on</source>
        <translation>測ったもの</translation>
    </message>
    <message>
        <source>questions too</source>
        <translation>質問も含む</translation>
    </message>
    <message>
        <source>hidden tokens</source>
        <translation>隠したトークン</translation>
    </message>
    <message>
        <source>1 layer · width {width} · {heads} heads</source>
        <translation>1層・幅{width}・頭{heads}</translation>
    </message>
    <message>
        <source>{layers} layers · width {width} · {heads} heads</source>
        <translation>{layers}層 · 幅{width} · 頭{heads}</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare “{name}” with…</source>
        <translation>「{name}」とくらべる版</translation>
    </message>
    <message>
        <source>only what differs</source>
        <translation>ちがうところだけ</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>とじる</translation>
    </message>
    <message>
        <source>Nothing differs in what is known of both.</source>
        <translation>両方について分かっていることに、ちがいはありません。</translation>
    </message>
    <message>
        <source>Their final figures were not measured on the same text: measure both under Evaluation.</source>
        <translation>最後の成績は同じ文章で測られていません。「評価」で両方を測ってください。</translation>
    </message>
    <message>
        <source>On the same unseen text there is no clear difference between them.</source>
        <translation>同じ見せていない文では、はっきりした差はありません。</translation>
    </message>
    <message>
        <source>On the same unseen text &lt;b&gt;{name}&lt;/b&gt; needs {bits} bits per byte less.</source>
        <translation>同じ見せていない文で、&lt;b&gt;{name}&lt;/b&gt;のほうが1バイトあたり{bits}ビット少なくすみます。</translation>
    </message>
</context>
<context>
    <name>ComparePanels</name>
    <message>
        <source>Sentences that are cut into tokens</source>
        <translation>トークンに切る文</translation>
    </message>
    <message>
        <source>Being measured…</source>
        <translation>測っています…</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Origin</source>
        <translation>来歴</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>レシピ</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文章</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>成績</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系統</translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation>どこから</translation>
    </message>
    <message>
        <source>Imported from</source>
        <translation>取り込み元</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目的</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>Its state</source>
        <translation>コーパスの状態</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Read by its ancestors</source>
        <translation>先祖が読んだ文章</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>層の数</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>ヘッド</translation>
    </message>
    <message>
        <source>Feed-forward width</source>
        <translation>フィードフォワードの幅</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>文脈</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Tokens read</source>
        <translation>読んだトークン</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>周回</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>電力</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>装置</translation>
    </message>
    <message>
        <source>Unseen text, bits per byte</source>
        <translation>見せていない文（ビット/バイト）</translation>
    </message>
    <message>
        <source>at least (95 %)</source>
        <translation>下限（95 %）</translation>
    </message>
    <message>
        <source>at most (95 %)</source>
        <translation>上限（95 %）</translation>
    </message>
    <message>
        <source>Seen text, bits per byte</source>
        <translation>見せた文（ビット/バイト）</translation>
    </message>
    <message>
        <source>Better answer ahead, share of unseen pairs</source>
        <translation>よい答えを選ぶ割合（見せていない組）</translation>
    </message>
    <message>
        <source>On the parent's text</source>
        <translation>親の文章で</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>context {used} / {whole}</source>
        <translation>文脈 {used} / {whole}</translation>
    </message>
    <message>
        <source>Your words</source>
        <translation>あなたの言葉</translation>
    </message>
    <message>
        <source>Change the words, then Enter</source>
        <translation>言葉を直して、Enterを押す</translation>
    </message>
    <message>
        <source>Write a beginning; the version goes on…</source>
        <translation>書き出しを書くと、版が続けます…</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enterで送る</translation>
    </message>
    <message>
        <source>Shift+Enter begins a new line</source>
        <translation>Shift+Enterで改行します</translation>
    </message>
    <message>
        <source>Write on</source>
        <translation>続きを書く</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>止める</translation>
    </message>
    <message>
        <source>Do not change</source>
        <translation>変えない</translation>
    </message>
</context>
<context>
    <name>ConversationView</name>
    <message>
        <source>Added to the next edition's lessons</source>
        <translation>次の版のレッスンに加えました</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>thinking…</source>
        <translation>考えています…</translation>
    </message>
    <message>
        <source>writing… {speed} tokens/s</source>
        <translation>書いています… {speed} トークン/秒</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count}トークン</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} トークン/秒</translation>
    </message>
    <message>
        <source>stopped at the length limit</source>
        <translation>長さの上限で終わり</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>途中で止めました</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>種 {seed}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>写す</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>直す</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>書きなおす</translation>
    </message>
    <message>
        <source>Remove from here on</source>
        <translation>ここから後を消す</translation>
    </message>
    <message>
        <source>A good answer</source>
        <translation>よい答え</translation>
    </message>
    <message>
        <source>A bad answer</source>
        <translation>よくない答え</translation>
    </message>
    <message>
        <source>Take the lesson back</source>
        <translation>レッスンを取り消す</translation>
    </message>
</context>
<context>
    <name>CorpusDialogs</name>
    <message>
        <source>Tokenizer laboratory…</source>
        <translation>トークナイザー実験室…</translation>
    </message>
    <message>
        <source>Copies that were found…</source>
        <translation>見つかった重複…</translation>
    </message>
    <message>
        <source>Look for evaluation sets…</source>
        <translation>評価セットをさがす…</translation>
    </message>
    <message>
        <source>Data sheet…</source>
        <translation>データシート…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>書き出し…</translation>
    </message>
    <message>
        <source>Columns…</source>
        <translation>列…</translation>
    </message>
    <message>
        <source>Data sheet of “{name}”</source>
        <translation>「{name}」のデータシート</translation>
    </message>
</context>
<context>
    <name>CorpusGuide</name>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>A named collection of text that a model learns from.</source>
        <translation>モデルが学ぶ文章を集めて、名前をつけたものです。</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>One text in it: a file, or one row of a JSON Lines file.</source>
        <translation>その中の文章ひとつ。ファイル、またはJSON Linesの1行です。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>A piece of text that the model reads at once: a word, a part of a word, or a sign.</source>
        <translation>モデルが一度に読む文章の切れはし。単語、単語の一部、または記号です。</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙</translation>
    </message>
    <message>
        <source>All the different tokens that the tokenizer knows.</source>
        <translation>トークナイザーが知っているトークンの全種類です。</translation>
    </message>
    <message>
        <source>Unseen text</source>
        <translation>未学習テキスト</translation>
    </message>
    <message>
        <source>Text kept out of training, so that a test on it is honest.</source>
        <translation>正しくテストするために、学習に使わず取っておく文章です。</translation>
    </message>
    <message>
        <source>First, collect</source>
        <translation>まず、集める</translation>
    </message>
    <message>
        <source>A language model learns by reading a lot of text and guessing what comes next. So first, collect the text it shall read.</source>
        <translation>言語モデルは、文章をたくさん読んで、次に来る言葉をあてる練習で育ちます。まずは読ませる文章を集めましょう。</translation>
    </message>
    <message>
        <source>How much is needed?</source>
        <translation>どれくらい要る？</translation>
    </message>
    <message>
        <source>With &lt;b&gt;1 MB&lt;/b&gt; (about three paperbacks) sentences take shape; beyond &lt;b&gt;50 MB&lt;/b&gt; a thread begins to run through them.</source>
        <translation>&lt;b&gt;1 MB&lt;/b&gt;（文庫本3冊ほど）で文の形が見え、&lt;b&gt;50 MB&lt;/b&gt;をこえると話のすじが通りはじめます。</translation>
    </message>
    <message>
        <source>Nothing leaves</source>
        <translation>外には出ません</translation>
    </message>
    <message>
        <source>Text and models stay on this computer. Training uses no network.</source>
        <translation>文章もモデルも、このパソコンの外には出ません。学習中は通信を使いません。</translation>
    </message>
    <message>
        <source>Mind the rights</source>
        <translation>権利をたしかめる</translation>
    </message>
    <message>
        <source>With other people's text, make sure that you may use it. Where it came from is kept with every version.</source>
        <translation>人の文章を使うときは、使ってよいかを確かめてください。出どころは版ごとに記録されます。</translation>
    </message>
    <message>
        <source>The files are being read. You can go on working meanwhile.</source>
        <translation>ファイルを読みこんでいます。そのあいだも作業を続けられます。</translation>
    </message>
    <message>
        <source>About &lt;b&gt;{time}&lt;/b&gt; left.</source>
        <translation>残りは約&lt;b&gt;{time}&lt;/b&gt;です。</translation>
    </message>
    <message>
        <source>What happens now</source>
        <translation>いま起きていること</translation>
    </message>
    <message>
        <source>Half read</source>
        <translation>読みかけです</translation>
    </message>
    <message>
        <source>Reading was stopped before its end. What was read is kept: “Go on reading” reads only the rest.</source>
        <translation>途中で読みこみを止めました。読んだところまでは残っています。「続きを読みこむ」で残りだけを読みます。</translation>
    </message>
    <message>
        <source>What is here</source>
        <translation>ここにあるもの</translation>
    </message>
    <message>
        <source>&lt;b&gt;{characters}&lt;/b&gt; characters in &lt;b&gt;{documents}&lt;/b&gt; documents: about as much as &lt;b&gt;{books}&lt;/b&gt; paperbacks.</source>
        <translation>&lt;b&gt;{documents}&lt;/b&gt;文書、&lt;b&gt;{characters}&lt;/b&gt;字を集めました。文庫本なら約&lt;b&gt;{books}&lt;/b&gt;冊です。</translation>
    </message>
    <message>
        <source>Skipped files: &lt;b&gt;{count}&lt;/b&gt;. “Every file” lists each with its reason.</source>
        <translation>読めなかったファイルが&lt;b&gt;{count}&lt;/b&gt;件あります。「全ファイル」で、それぞれの理由が見られます。</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>見ておきたいこと</translation>
    </message>
    <message>
        <source>Said twice</source>
        <translation>重なっている文章</translation>
    </message>
    <message>
        <source>&lt;b&gt;{count}&lt;/b&gt; documents are equal or nearly equal to others. Reading the same text many times invites memorising.</source>
        <translation>&lt;b&gt;{count}&lt;/b&gt;件の文書が、ほかと同じか、ほとんど同じです。同じ文章を何度も読むと丸暗記のもとになります。</translation>
    </message>
    <message>
        <source>by whole documents</source>
        <translation>文書単位</translation>
    </message>
    <message>
        <source>in blocks, because there are few documents</source>
        <translation>文書が少ないため、かたまり単位</translation>
    </message>
    <message>
        <source>Kept for the test</source>
        <translation>見せずに取っておく</translation>
    </message>
    <message>
        <source>&lt;b&gt;{share}&lt;/b&gt; is never shown to the model ({by}). Later it tells whether it has understood or only memorised.</source>
        <translation>&lt;b&gt;{share}&lt;/b&gt;はモデルに見せずに取っておきます（{by}）。あとで「わかったのか、丸暗記か」をたしかめる問題になります。</translation>
    </message>
    <message>
        <source>Why the colours?</source>
        <translation>色つきの文字は？</translation>
    </message>
    <message>
        <source>The model does not read letters but &lt;b&gt;tokens&lt;/b&gt;: pieces of text. One colour is one token; here a token has about &lt;b&gt;{bytes}&lt;/b&gt; bytes.</source>
        <translation>モデルは文字ではなく&lt;b&gt;トークン&lt;/b&gt;という切れはしで読みます。色ひとつが1トークンで、ここでは平均&lt;b&gt;{bytes}&lt;/b&gt;バイトです。</translation>
    </message>
</context>
<context>
    <name>CorpusPage</name>
    <message>
        <source>1 changed file</source>
        <translation>変わったファイル1件</translation>
    </message>
    <message>
        <source>{count} changed files</source>
        <translation>変わったファイル{count}件</translation>
    </message>
    <message>
        <source>1 file gone</source>
        <translation>なくなったファイル1件</translation>
    </message>
    <message>
        <source>{count} files gone</source>
        <translation>なくなったファイル{count}件</translation>
    </message>
    <message>
        <source>Since it was read: {changes}</source>
        <translation>読んだあとの変化: {changes}</translation>
    </message>
    <message>
        <source>Drop here to add more</source>
        <translation>ここへ置くと、続けて足せます</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>フォルダ…</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>ファイル…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>貼り付け</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>書き出す…</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>道具</translation>
    </message>
    <message>
        <source>Tokenizer laboratory, copies that were found, evaluation sets, data sheet</source>
        <translation>トークナイザー実験室、見つかった重複、評価セット、データシート</translation>
    </message>
    <message>
        <source>Train on this</source>
        <translation>この文章で学習する</translation>
    </message>
    <message>
        <source>Other corpora, rename, remove</source>
        <translation>ほかのコーパス、名前の変更、削除</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>After cleaning and merging duplicates</source>
        <translation>お掃除をし、同じ文書をまとめたあとの文字数</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Pieces that the model reads one at a time</source>
        <translation>モデルがひとつずつ読む文章の切れはし</translation>
    </message>
    <message>
        <source>Suits a model of</source>
        <translation>この量に向く大きさ</translation>
    </message>
    <message>
        <source>Sizes that this much text can fill in about four passes</source>
        <translation>この量の文章を4周ほど読んで、ちょうどよく育つ大きさ</translation>
    </message>
    <message>
        <source>corpus · {count} sources</source>
        <translation>コーパス · 資料{count}件</translation>
    </message>
    <message>
        <source>corpus · 1 source</source>
        <translation>コーパス · 資料1件</translation>
    </message>
    <message>
        <source>{count} kept unseen</source>
        <translation>{count}件はテスト用</translation>
    </message>
    <message>
        <source>vocab {count}</source>
        <translation>語彙 {count}</translation>
    </message>
    <message>
        <source>Read it again with the changed cleaning first, or undo the changes</source>
        <translation>変えたお掃除でもう一度読むか、変更を元に戻してください</translation>
    </message>
    <message>
        <source>1 new file</source>
        <translation>新しいファイル1件</translation>
    </message>
    <message>
        <source>{count} new files</source>
        <translation>新しいファイル{count}件</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Read them</source>
        <translation>読みこむ</translation>
    </message>
    <message>
        <source>Separate texts: files, or rows of tables and JSON Lines files</source>
        <translation>ひとつひとつの文章：ファイル、または表や JSON Lines の行</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>{share} kept unseen</source>
        <translation>{share}はテスト用</translation>
    </message>
    <message>
        <source>New corpus…</source>
        <translation>新しいコーパス…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>名前を変える…</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>ごみ箱に移す</translation>
    </message>
</context>
<context>
    <name>CorpusScreen</name>
    <message>
        <source>Go on reading</source>
        <translation>続きを読みこむ</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>測りなおす</translation>
    </message>
    <message>
        <source>Sample stories</source>
        <translation>見本のおはなし</translation>
    </message>
    <message>
        <source>The clipboard has no text</source>
        <translation>クリップボードに文章がありません</translation>
    </message>
    <message>
        <source>Choose a folder with text</source>
        <translation>文章のフォルダを選ぶ</translation>
    </message>
    <message>
        <source>Choose files with text</source>
        <translation>文章のファイルを選ぶ</translation>
    </message>
    <message>
        <source>Wait until “{name}” is read, then add more</source>
        <translation>「{name}」を読み終わるまで待ってから足してください</translation>
    </message>
    <message>
        <source>This is its only source: move the whole corpus to the trash instead</source>
        <translation>資料はこれだけです。コーパスごとごみ箱に移してください</translation>
    </message>
    <message>
        <source>Reading was stopped. What was read is kept.</source>
        <translation>読みこみを止めました。読んだところまでは残っています。</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Memory</source>
        <translation>メモリ</translation>
    </message>
    <message>
        <source>{name} (the busiest of {count})</source>
        <translation>{name}（{count} 台中、最も使用中）</translation>
    </message>
    <message>
        <source>{share} % busy</source>
        <translation>使用率 {share} %</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>{count} cores</source>
        <translation>{count}コア</translation>
    </message>
</context>
<context>
    <name>DeviceChoice</name>
    <message>
        <source>{name}, {count} processes</source>
        <translation>{name}（{count}プロセス）</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>1スレッド</translation>
    </message>
    <message>
        <source>{count} threads</source>
        <translation>{count}スレッド</translation>
    </message>
    <message>
        <source>compiled</source>
        <translation>コンパイル済み</translation>
    </message>
    <message>
        <source>micro-batch {size} × {count}</source>
        <translation>マイクロバッチ {size} × {count}</translation>
    </message>
    <message>
        <source>batch {size}</source>
        <translation>バッチ {size}</translation>
    </message>
    <message>
        <source>activation checkpointing</source>
        <translation>中間結果を再計算</translation>
    </message>
    <message>
        <source>optimiser in bf16</source>
        <translation>最適化の記憶は bf16</translation>
    </message>
    <message>
        <source>automatic: {name}</source>
        <translation>自動：{name}</translation>
    </message>
    <message>
        <source>Computes on</source>
        <translation>計算する装置</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>This PyTorch is built for the processor only. Delete the folder .venv and run {start} again: it then installs the build for this GPU.</source>
        <translation>この PyTorch は CPU 専用です。フォルダー .venv を削除して {start} をもう一度実行すると、この GPU 用のものが入ります。</translation>
    </message>
    <message>
        <source>It has no driver. Install NVIDIA's (on Ubuntu: sudo ubuntu-drivers install), restart the computer, and run {start} again.</source>
        <translation>ドライバーが入っていません。NVIDIA のドライバーを入れて（Ubuntu なら sudo ubuntu-drivers install）、コンピューターを再起動し、{start} をもう一度実行してください。</translation>
    </message>
    <message>
        <source>An AMD GPU needs the ROCm build of PyTorch, which exists for Linux. Install it into the folder .venv (pytorch.org says how).</source>
        <translation>AMD の GPU には、Linux 用の ROCm 版 PyTorch が必要です。フォルダー .venv に入れてください（方法は pytorch.org にあります）。</translation>
    </message>
    <message>
        <source>Its driver ({driver}) is too old for this PyTorch (CUDA {cuda}). Update the NVIDIA driver, or delete the folder .venv and run {start} again: it then installs a build for older drivers.</source>
        <translation>ドライバー（{driver}）が、この PyTorch（CUDA {cuda}）には古すぎます。NVIDIA のドライバーを更新するか、フォルダー .venv を削除して {start} をもう一度実行してください。古いドライバー用のものが入ります。</translation>
    </message>
    <message>
        <source>This PyTorch does not know its generation ({capability}). Delete the folder .venv and run {start} again: it then installs a build that knows it.</source>
        <translation>この PyTorch は、この世代の GPU（{capability}）に対応していません。フォルダー .venv を削除して {start} をもう一度実行すると、対応するものが入ります。</translation>
    </message>
    <message>
        <source>This PyTorch does not know its generation ({capability}). Update the driver, delete the folder .venv and run {start} again.</source>
        <translation>この PyTorch は、この世代の GPU（{capability}）に対応していません。ドライバーを更新し、フォルダー .venv を削除して {start} をもう一度実行してください。</translation>
    </message>
    <message>
        <source>Its memory is used by another program: {free} of {total} GB are free. End that program (nvidia-smi shows it).</source>
        <translation>ほかのプログラムがメモリを使っています（空き {free} GB、全体 {total} GB）。そのプログラムを終了してください（nvidia-smi で見られます）。</translation>
    </message>
    <message>
        <source>It is hidden from this program ({name}={value}). Remove that variable, or start without it.</source>
        <translation>このプログラムからは隠されています（{name}={value}）。その環境変数を外して起動してください。</translation>
    </message>
    <message>
        <source>The driver lists it, but PyTorch does not see it. Restart the computer; if that does not help, install the driver again.</source>
        <translation>ドライバーには見えていますが、PyTorch からは見えません。コンピューターを再起動してください。直らなければ、ドライバーを入れ直してください。</translation>
    </message>
    <message>
        <source>PyTorch breaks off when it looks for GPUs. Delete the folder .venv and run {start} again.</source>
        <translation>PyTorch が GPU を探すときに落ちてしまいます。フォルダー .venv を削除して {start} をもう一度実行してください。</translation>
    </message>
    <message>
        <source>Another program has it for itself alone. End that program (nvidia-smi shows it).</source>
        <translation>ほかのプログラムが独占しています。そのプログラムを終了してください（nvidia-smi で見られます）。</translation>
    </message>
    <message>
        <source>Its driver answers with an error ({words}). Restart the computer; if that does not help, install the driver again.</source>
        <translation>ドライバーがエラーを返しました（{words}）。コンピューターを再起動してください。直らなければ、ドライバーを入れ直してください。</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>Python {version}</source>
        <translation>Python {version}</translation>
    </message>
    <message>
        <source>PyTorch cannot be imported</source>
        <translation>PyTorchを読みこめません</translation>
    </message>
    <message>
        <source>PyTorch {version} on {device}</source>
        <translation>PyTorch {version}（{device}）</translation>
    </message>
    <message>
        <source>PyTorch {version} on the CPU ({device})</source>
        <translation>PyTorch {version}（CPU：{device}）</translation>
    </message>
    <message>
        <source>There is an NVIDIA driver, but PyTorch sees no GPU: update the driver.</source>
        <translation>NVIDIAのドライバーはありますが、PyTorchからGPUが見えません。ドライバーを更新してください。</translation>
    </message>
    <message>
        <source>Qt (PySide6) is not installed</source>
        <translation>Qt（PySide6）が入っていません</translation>
    </message>
    <message>
        <source>Qt (PySide6) {version}</source>
        <translation>Qt（PySide6）{version}</translation>
    </message>
    <message>
        <source>Qt's system libraries are there</source>
        <translation>Qtに要るライブラリはそろっています</translation>
    </message>
    <message>
        <source>Libraries that Qt needs are missing: {names}</source>
        <translation>Qtに要るライブラリが足りません：{names}</translation>
    </message>
    <message>
        <source>On Debian or Ubuntu: sudo apt install {packages}</source>
        <translation>DebianやUbuntuでは：sudo apt install {packages}</translation>
    </message>
    <message>
        <source>Delete the folder .venv and run {start} again.</source>
        <translation>.venv フォルダーを削除して、もう一度 {start} を実行してください。</translation>
    </message>
    <message>
        <source>There is an NVIDIA driver, but this PyTorch is built for the CPU: delete the folder .venv and run {start} again.</source>
        <translation>NVIDIA のドライバーがありますが、この PyTorch は CPU 版です。.venv フォルダーを削除して、もう一度 {start} を実行してください。</translation>
    </message>
    <message>
        <source>GPU: {name}, {gb} GB ({platform})</source>
        <translation>GPU：{name}、{gb} GB（{platform}）</translation>
    </message>
    <message>
        <source>Screen: {name}</source>
        <translation>画面: {name}</translation>
    </message>
    <message>
        <source>No screen is set (DISPLAY, WAYLAND_DISPLAY)</source>
        <translation>画面が設定されていません（DISPLAY、WAYLAND_DISPLAY）</translation>
    </message>
    <message>
        <source>The commands work without one; for the window, connect with ssh -X.</source>
        <translation>コマンドは画面がなくても使えます。ウィンドウを開くには ssh -X で接続してください。</translation>
    </message>
    <message>
        <source>Input method: {name}</source>
        <translation>日本語入力: {name}</translation>
    </message>
    <message>
        <source>PySide6 has no fcitx plugin: Terakoya reaches fcitx through its ibus interface.</source>
        <translation>PySide6 には fcitx のプラグインがないので、ibus の窓口を通して fcitx を使います。</translation>
    </message>
    <message>
        <source>No input method is chosen (QT_IM_MODULE is not set)</source>
        <translation>日本語入力が選ばれていません（QT_IM_MODULE が未設定です）</translation>
    </message>
    <message>
        <source>To write Japanese: sudo apt install ibus-mozc, and set QT_IM_MODULE=ibus.</source>
        <translation>日本語を入力するには、sudo apt install ibus-mozc を実行し、QT_IM_MODULE=ibus を設定してください。</translation>
    </message>
    <message>
        <source>No font with Japanese letters was found</source>
        <translation>日本語のフォントが見つかりません</translation>
    </message>
    <message>
        <source>On Debian or Ubuntu: sudo apt install fonts-noto-cjk</source>
        <translation>DebianやUbuntuでは：sudo apt install fonts-noto-cjk</translation>
    </message>
    <message>
        <source>Japanese letters come with this system</source>
        <translation>日本語のフォントはシステムに備わっています</translation>
    </message>
    <message>
        <source>Japanese letters: found</source>
        <translation>日本語のフォント：あります</translation>
    </message>
    <message>
        <source>Japanese letters: {font}</source>
        <translation>日本語のフォント：{font}</translation>
    </message>
    <message>
        <source>Disk: {gb} GB free at {path}</source>
        <translation>ディスク：{path} に空き {gb} GB</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder with --home.</source>
        <translation>空きを増やすか、--home で別のフォルダを選んでください。</translation>
    </message>
    <message>
        <source>Memory: {total} GB, {free} GB free</source>
        <translation>メモリ：{total} GB、空き {free} GB</translation>
    </message>
    <message>
        <source>Close other programs, or train smaller models.</source>
        <translation>ほかのプログラムを閉じるか、小さなモデルを学習させてください。</translation>
    </message>
    <message>
        <source>Terakoya cannot write where it keeps its files</source>
        <translation>寺子屋がファイルの保存先に書きこめません</translation>
    </message>
    <message>
        <source>Files are kept in {path}</source>
        <translation>ファイルの保存先：{path}</translation>
    </message>
</context>
<context>
    <name>DuplicatesDialog</name>
    <message>
        <source>Copies in “{name}”</source>
        <translation>「{name}」の重複</translation>
    </message>
    <message>
        <source>Of texts that are alike one is kept, so that nothing is learnt twice and nothing unseen is seen. What differs is marked.</source>
        <translation>似たテキストは一つだけ残します。同じものを二度学ばず、未学習テキストを見てしまわないためです。違うところに印が付きます。</translation>
    </message>
    <message>
        <source>Copies that were found</source>
        <translation>見つかった重複</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>除いたもの</translation>
    </message>
    <message>
        <source>Copy of</source>
        <translation>もとのもの</translation>
    </message>
    <message>
        <source>What</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字数</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Whole texts</source>
        <translation>全文</translation>
    </message>
    <message>
        <source>Nearly alike</source>
        <translation>ほぼ同じ</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>whole text</source>
        <translation>全文</translation>
    </message>
    <message>
        <source>nearly alike</source>
        <translation>ほぼ同じ</translation>
    </message>
    <message>
        <source>paragraph</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Which texts were copies was not written down when this corpus was read. Read it again to see them here.</source>
        <translation>このコーパスを読んだときの重複の記録がありません。読み直すとここに出ます。</translation>
    </message>
    <message>
        <source>No copies of this kind were found.</source>
        <translation>この種類の重複は見つかりませんでした。</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>残したもの</translation>
    </message>
</context>
<context>
    <name>EdgeLegend</name>
    <message>
        <source>takes over weights</source>
        <translation>重みを引きつぐ</translation>
    </message>
    <message>
        <source>goes on</source>
        <translation>学習をのばす</translation>
    </message>
    <message>
        <source>learns or is compared</source>
        <translation>学ぶ・くらべる</translation>
    </message>
</context>
<context>
    <name>ElectricityCard</name>
    <message>
        <source>Electricity</source>
        <translation>電気</translation>
    </message>
    <message>
        <source>For the cost and the CO₂ of a training.</source>
        <translation>学習にかかる料金とCO₂の計算に使います。</translation>
    </message>
</context>
<context>
    <name>EncodingMenu</name>
    <message>
        <source>Likely</source>
        <translation>ありそうな文字コード</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>ほかの文字コード</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>Something went wrong inside Terakoya: {detail}.</source>
        <translation>寺子屋の中で問題が起きました：{detail}。</translation>
    </message>
    <message>
        <source>{detail}</source>
        <translation>{detail}</translation>
    </message>
    <message>
        <source>The name “{name}” cannot be used: {reason}. Choose another name of at most 80 characters.</source>
        <translation>「{name}」という名前は使えません（{reason}）。80文字までの別の名前にしてください。</translation>
    </message>
    <message>
        <source>There is already “{name}”. Choose another name, or rename the old one.</source>
        <translation>「{name}」はもうあります。別の名前にするか、前からあるほうの名前を変えてください。</translation>
    </message>
    <message>
        <source>There is no {what} called “{name}”. {hint}</source>
        <translation>「{name}」という{what}はありません。{hint}</translation>
    </message>
    <message>
        <source>Nothing is found at {path}. Check the spelling, or whether it was moved.</source>
        <translation>{path} には何もありません。つづりが正しいか、移動していないかを確かめてください。</translation>
    </message>
    <message>
        <source>Terakoya may not write in {path}. Allow it, or choose another folder with --home.</source>
        <translation>寺子屋には {path} に書きこむ許可がありません。許可するか、--home で別のフォルダを選んでください。</translation>
    </message>
    <message>
        <source>Terakoya cannot keep its files in {path}: {reason}. Choose another folder with --home.</source>
        <translation>{path} にはファイルを置けません（{reason}）。--home で別のフォルダを選んでください。</translation>
    </message>
    <message>
        <source>The disk with {path} is full. Free at least {needed} MB and resume; what was saved is safe.</source>
        <translation>{path} のあるディスクがいっぱいです。{needed} MB以上空けてから再開してください。保存したものは無事です。</translation>
    </message>
    <message>
        <source>The file {path} is missing or damaged: {reason}. {hint}</source>
        <translation>ファイル {path} がないか、壊れています（{reason}）。{hint}</translation>
    </message>
    <message>
        <source>“{name}” is being read. Wait until that is done, or stop it, and try again.</source>
        <translation>「{name}」は読み込み中です。終わるのを待つか、読み込みを止めてから、もう一度お試しください。</translation>
    </message>
    <message>
        <source>The system refused: {reason}. Mend that and try again.</source>
        <translation>システムに断られました（{reason}）。そこを直してから、もう一度ためしてください。</translation>
    </message>
    <message>
        <source>{path} was written by a newer Terakoya. Update the program; until then it can only be read.</source>
        <translation>{path} は、より新しい寺子屋で書かれています。プログラムを更新してください。それまでは読むことしかできません。</translation>
    </message>
    <message>
        <source>{what} is in use by another Terakoya (process {pid}). Stop it there first.</source>
        <translation>{what}は、別の寺子屋（プロセス {pid}）が使っています。先にそちらを止めてください。</translation>
    </message>
    <message>
        <source>No text was found in {path}: none could be read (files looked at: {files}). Add files with text.</source>
        <translation>{path}に文章が見つかりません：読めるものがありませんでした（調べたファイル：{files}件）。文章の入ったファイルを加えてください。</translation>
    </message>
    <message>
        <source>No text was found in {path}: none could be read (files looked at: {files}). {name}: {reason}.</source>
        <translation>{path}に文章が見つかりません：読めるものがありませんでした（調べたファイル：{files}件）。{name}：{reason}。</translation>
    </message>
    <message>
        <source>There is nothing to look for in {path}: {reason}. Give files with sentences or questions (text, CSV, JSON or JSON Lines).</source>
        <translation>{path} には探すものがありません（{reason}）。文や問題のファイル（テキスト、CSV、JSON、JSON Lines）を指定してください。</translation>
    </message>
    <message>
        <source>The corpus “{name}” has only {tokens} tokens to train on and {heldout} to test on, but at least {needed} and {needed_heldout} are needed. Add more text, or choose a shorter context.</source>
        <translation>コーパス「{name}」は学習用が{tokens}トークン、テスト用が{heldout}トークンしかありません。それぞれ{needed}と{needed_heldout}以上が必要です。文章を足すか、文脈を短くしてください。</translation>
    </message>
    <message>
        <source>{path} cannot be imported: {reason}. {hint}</source>
        <translation>{path}を取りこめません：{reason}。{hint}</translation>
    </message>
    <message>
        <source>The version “{name}” cannot be exported: {reason}. {hint}</source>
        <translation>版「{name}」を書き出せません：{reason}。{hint}</translation>
    </message>
    <message>
        <source>The chat template cannot be used: {reason}. Choose another one (chat_template=chatml or chat_template=plain).</source>
        <translation>会話の書式を使えません：{reason}。別の書式を選んでください（chat_template=chatml または chat_template=plain）。</translation>
    </message>
    <message>
        <source>The corpus “{name}” has nothing to learn this from: {reason}. Add files with {expected}.</source>
        <translation>コーパス「{name}」には、これを学ぶものがありません：{reason}。{expected}のファイルを加えてください。</translation>
    </message>
    <message>
        <source>There are no lessons from chats with “{name}” yet: correct one of its answers or praise one, in the chat tab or with /fix and /good.</source>
        <translation>「{name}」との会話から得たレッスンはまだありません。会話タブか /fix と /good で、答えを直すか、ほめてください。</translation>
    </message>
    <message>
        <source>“{name}” is an adapter on “{base}”, which is not on the shelf or is damaged: restore “{base}” from the trash or from a copy.</source>
        <translation>「{name}」は「{base}」のアダプターですが、土台が本棚にないか壊れています。ごみ箱か控えから「{base}」を戻してください。</translation>
    </message>
    <message>
        <source>The device “{device}” is not available here. Available: {available}.</source>
        <translation>装置「{device}」はここでは使えません。使えるもの：{available}。</translation>
    </message>
    <message>
        <source>The device {device} cannot be used. {reason} Or choose the processor (cpu) as the device.</source>
        <translation>装置 {device} は使えません。{reason}または、装置に CPU（cpu）を選んでください。</translation>
    </message>
    <message>
        <source>The GPU stopped answering in the middle of the work ({reason}). What was saved is kept: resume goes on from there, on the processor if the GPU stays away.</source>
        <translation>作業の途中で GPU が応答しなくなりました（{reason}）。保存したものは残っています。再開するとそこから続け、GPU が戻らなければ CPU で進めます。</translation>
    </message>
    <message>
        <source>The memory of {device} was not enough. Choose a smaller model, a shorter context or a smaller batch. What was saved is kept.</source>
        <translation>{device} のメモリが足りませんでした。モデルかバッチを小さくするか、文脈を短くしてください。保存したものは残っています。</translation>
    </message>
    <message>
        <source>The worker process ended unexpectedly ({cause}). What was saved is kept: resume goes on from there.</source>
        <translation>作業プロセスが急に終わりました（{cause}）。保存したものは残っています。再開すると、その続きから始めます。</translation>
    </message>
    <message>
        <source>Process {rank} of the {count} that train together ended unexpectedly on {host} ({cause}), so the others stopped too. What was saved is kept: resume goes on, also on fewer devices.</source>
        <translation>いっしょに学習している {count} 個のプロセスのうち {rank} 番目が、{host} で急に終わりました（{cause}）。そのため、ほかのプロセスも止まりました。保存したものは残っています。再開すると続きから進みます。デバイスの数を減らしても再開できます。</translation>
    </message>
    <message>
        <source>The {count} processes that train together waited {seconds} seconds for each other in vain. Check the network between the machines, and that none of them is stopped; then resume.</source>
        <translation>いっしょに学習している {count} 個のプロセスが、たがいに {seconds} 秒待っても返事がありませんでした。コンピューターどうしのネットワークと、止まっているプロセスがないかを確かめて、再開してください。</translation>
    </message>
    <message>
        <source>One training can use at most {available} devices of {host}, but {wanted} are wanted. Choose devices={available} (with torchrun: --nproc-per-node {available}).</source>
        <translation>{host} で一つの学習に使えるデバイスは {available} 個までですが、{wanted} 個が指定されています。devices={available}（torchrun では --nproc-per-node {available}）にしてください。</translation>
    </message>
    <message>
        <source>Only trainings can be done by several processes, but {path} is a job of the kind “{kind}”. Start it without torchrun.</source>
        <translation>複数のプロセスで進められるのは学習だけですが、{path} は「{kind}」という種類のジョブです。torchrun を使わずに始めてください。</translation>
    </message>
    <message>
        <source>The worker process ended unexpectedly ({cause}) before anything was saved: resume begins again.</source>
        <translation>何も保存しないうちに、作業プロセスが急に終わりました（{cause}）。再開すると、最初からやり直します。</translation>
    </message>
    <message>
        <source>The loss stopped being a number at step {step}. The best version so far is kept; train again with a lower learning rate.</source>
        <translation>{step}回めで、損失が数値ではなくなりました。それまでで最良の版は残っています。学習率を下げて、もう一度学習させてください。</translation>
    </message>
    <message>
        <source>The run {run} is {state}, so it cannot be changed that way. {hint}</source>
        <translation>実行 {run} は{state}の状態なので、その操作はできません。{hint}</translation>
    </message>
    <message>
        <source>What “{parent}” learnt from cannot be read again: {reason}. Set replay to 0, or choose another version to go on from.</source>
        <translation>「{parent}」が学んだ文章をもう一度読めません：{reason}。復習を0にするか、別の版をもとにしてください。</translation>
    </message>
    <message>
        <source>No pairs of sentences can be read from {path}: {reason}. Give a file in the form of CrowS-Pairs or WinoBias.</source>
        <translation>{path}から文の組を読みとれません：{reason}。CrowS-PairsかWinoBiasの形のファイルを渡してください。</translation>
    </message>
    <message>
        <source>{path} holds pairs of sentences that show a bias, not a text. At the command line they are measured with: evaluate --suite.</source>
        <translation>{path}に入っているのは文章ではなく、偏りを調べるための文の組です。コマンドラインの「evaluate --suite」で測れます。</translation>
    </message>
    <message>
        <source>“{name}” cannot be trained again for a comparison: {reason}. Choose another version.</source>
        <translation>「{name}」をくらべるために学習しなおすことはできません：{reason}。別の版を選んでください。</translation>
    </message>
    <message>
        <source>The run {run} cannot be trained longer: {reason}. Choose another run, or train on from its version.</source>
        <translation>実行 {run} の学習は延長できません：{reason}。ほかの実行を選ぶか、その版から続けて学習してください。</translation>
    </message>
    <message>
        <source>No screen can be opened ({reason}). Use the commands (for example: ./start.sh train --corpus FOLDER --name NAME), or connect with ssh -X.</source>
        <translation>画面を開けません（{reason}）。コマンド（例：./start.sh train --corpus FOLDER --name NAME）を使うか、ssh -X で接続してください。</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>空です</translation>
    </message>
    <message>
        <source>it has {count} characters</source>
        <translation>{count}文字あります</translation>
    </message>
    <message>
        <source>it contains {character}</source>
        <translation>{character} がふくまれています</translation>
    </message>
    <message>
        <source>it contains a control character</source>
        <translation>制御文字がふくまれています</translation>
    </message>
    <message>
        <source>it begins or ends with a space or a dot</source>
        <translation>先頭か末尾が空白または点です</translation>
    </message>
    <message>
        <source>Windows reserves it</source>
        <translation>Windowsで予約されている名前です</translation>
    </message>
    <message>
        <source>entry of the trash</source>
        <translation>ごみ箱の中身</translation>
    </message>
    <message>
        <source>Look into the trash (command: trash list).</source>
        <translation>ごみ箱の中を確かめてください。</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>its content has changed</source>
        <translation>中身が変わっています</translation>
    </message>
    <message>
        <source>its content is not what it should be</source>
        <translation>中身が正しくありません</translation>
    </message>
    <message>
        <source>a file is in the way</source>
        <translation>同じ場所に別のファイルがあります</translation>
    </message>
    <message>
        <source>there is no permission to open it</source>
        <translation>開く許可がありません</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>ファイルではなくフォルダです</translation>
    </message>
    <message>
        <source>its name is too long</source>
        <translation>名前が長すぎます</translation>
    </message>
    <message>
        <source>its links lead in a circle</source>
        <translation>リンクが堂々めぐりになっています</translation>
    </message>
    <message>
        <source>the disk answers with errors</source>
        <translation>ディスクの読み書きでエラーが出ています</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>開いているファイルが多すぎます</translation>
    </message>
    <message>
        <source>the memory is used up</source>
        <translation>メモリが足りません</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>ディスクがいっぱいです</translation>
    </message>
    <message>
        <source>too many processes are running</source>
        <translation>動いているプロセスが多すぎます</translation>
    </message>
    <message>
        <source>it is not valid JSON (line {line})</source>
        <translation>{line}行めがJSONとして読めません</translation>
    </message>
    <message>
        <source>it is not text in UTF-8</source>
        <translation>UTF-8の文章ではありません</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>入れ子が深すぎます</translation>
    </message>
    <message>
        <source>the entry “{name}” is not in it</source>
        <translation>項目「{name}」がありません</translation>
    </message>
    <message>
        <source>{path}: {reason}</source>
        <translation>{path}：{reason}</translation>
    </message>
    <message>
        <source>its entry “{name}” is not what it should be</source>
        <translation>項目「{name}」が正しくありません</translation>
    </message>
    <message>
        <source>the system says “{words}”</source>
        <translation>システムからの知らせ：{words}</translation>
    </message>
    <message>
        <source>the program or the machine was stopped</source>
        <translation>プログラムかパソコンが止まりました</translation>
    </message>
    <message>
        <source>it is gone</source>
        <translation>なくなっています</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>このパソコン</translation>
    </message>
    <message>
        <source>{cause}: {words}</source>
        <translation>{cause}：{words}</translation>
    </message>
    <message>
        <source>exit code {number}</source>
        <translation>終了コード {number}</translation>
    </message>
    <message>
        <source>signal {number}</source>
        <translation>シグナル {number}</translation>
    </message>
    <message>
        <source>the GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>a job did not say how it ended</source>
        <translation>作業がどう終わったかの記録がありません</translation>
    </message>
    <message>
        <source>its kind “{name}” is not known</source>
        <translation>「{name}」という種類の作業は知りません</translation>
    </message>
    <message>
        <source>conversation</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>It may be in the trash.</source>
        <translation>ごみ箱に入っているかもしれません。</translation>
    </message>
    <message>
        <source>Restore it from a copy.</source>
        <translation>バックアップがあれば、そこから戻してください。</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数値</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true か false</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>{first} {rest}</source>
        <translation>{first}{rest}</translation>
    </message>
    <message>
        <source>{name} must be {kind}, not “{given}”.</source>
        <translation>「{name}」は{kind}にしてください（いまは「{given}」です）。</translation>
    </message>
    <message>
        <source>{name} must be {choices}, not “{given}”.</source>
        <translation>「{name}」は{choices}にしてください（いまは「{given}」です）。</translation>
    </message>
    <message>
        <source>{name} must be at least {least}.</source>
        <translation>「{name}」は{least}以上にしてください。</translation>
    </message>
    <message>
        <source>{name} must be at most {most}.</source>
        <translation>「{name}」は{most}以下にしてください。</translation>
    </message>
    <message>
        <source>There is no setting called {name}. Did you mean {near}?</source>
        <translation>{name} という設定はありません。{near} のことでしょうか。</translation>
    </message>
    <message>
        <source>There is no setting called {name}.</source>
        <translation>{name} という設定はありません。</translation>
    </message>
    <message>
        <source>{first} or {last}</source>
        <translation>{first}、{last} のどれか</translation>
    </message>
    <message>
        <source>These settings do not fit together: {words}.</source>
        <translation>設定の組み合わせが合いません：{words}。</translation>
    </message>
    <message>
        <source>{name}: {words}.</source>
        <translation>{name}：{words}。</translation>
    </message>
    <message>
        <source>corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>A source counts between {least} and {most} times.</source>
        <translation>資料の重みは {least} 倍から {most} 倍までです。</translation>
    </message>
    <message>
        <source>source of the corpus “{name}”</source>
        <translation>コーパス「{name}」の資料</translation>
    </message>
    <message>
        <source>It has: {names}.</source>
        <translation>あるもの: {names}。</translation>
    </message>
    <message>
        <source>corpus with a tokenizer</source>
        <translation>トークナイザーのあるコーパス</translation>
    </message>
    <message>
        <source>Known: {names}.</source>
        <translation>いまあるのは：{names}。</translation>
    </message>
    <message>
        <source>Add one with: corpus add NAME PATH, or in the window.</source>
        <translation>まず文章を読みこんで、コーパスを作ってください。</translation>
    </message>
    <message>
        <source>Read the corpus again.</source>
        <translation>コーパスを読みなおしてください。</translation>
    </message>
    <message>
        <source>Delete the folder “tokens” of the corpus; it is made again.</source>
        <translation>コーパスの中のフォルダ tokens を消してください。自動で作りなおします。</translation>
    </message>
    <message>
        <source>Use another tokenizer.</source>
        <translation>別のトークナイザーを使ってください。</translation>
    </message>
    <message>
        <source>It is already going on.</source>
        <translation>もう進んでいます。</translation>
    </message>
    <message>
        <source>Start a new one instead.</source>
        <translation>代わりに、新しく始めてください。</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>先に止めてください。</translation>
    </message>
    <message>
        <source>Resume it first.</source>
        <translation>先に再開してください。</translation>
    </message>
    <message>
        <source>It has ended.</source>
        <translation>もう終わっています。</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Another Terakoya is working on it.</source>
        <translation>別の寺子屋が作業しています。</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>順番待ち</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>準備中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>一時停止中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>取り消し</translation>
    </message>
    <message>
        <source>stopped by an error</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>the corpora of {names} (they are gone)</source>
        <translation>{names} のコーパス（もうありません）</translation>
    </message>
    <message>
        <source>This version fills in blanks and continues nothing: give it a text with ____ where a word is missing.</source>
        <translation>この版は空欄をうめるもので、文の続きは書きません。抜けていることばのところに ____ と書いた文を渡してください。</translation>
    </message>
    <message>
        <source>This version continues texts and fills in no blanks: BERT, RoBERTa and DistilBERT do.</source>
        <translation>この版は文の続きを書くもので、空欄はうめません。うめるのはBERT、RoBERTa、DistilBERTです。</translation>
    </message>
    <message>
        <source>Choose a version to chat with first.</source>
        <translation>先に、話したい版を選んでください。</translation>
    </message>
    <message>
        <source>This version cannot fill in blanks: its tokenizer has no token that hides a word (a mask).</source>
        <translation>この版は空欄をうめられません。トークナイザーに、ことばを隠すトークン（マスク）がありません。</translation>
    </message>
    <message>
        <source>The chat template of this version cannot write that: {reason}.</source>
        <translation>この版の会話の書式では書けません：{reason}。</translation>
    </message>
    <message>
        <source>This message is too long: with its frame it has {count} tokens, and this version can read {most} before it answers. Shorten it.</source>
        <translation>この文は長すぎます。枠も含めて {count} トークンですが、この版が答える前に読めるのは {most} トークンまでです。短くしてください。</translation>
    </message>
    <message>
        <source>Start a new run.</source>
        <translation>新しく始めなおしてください。</translation>
    </message>
    <message>
        <source>run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Look at the list of runs (command: runs list).</source>
        <translation>実行の一覧を確かめてください。</translation>
    </message>
    <message>
        <source>it is not a whole safetensors file</source>
        <translation>safetensorsファイルとして読めません</translation>
    </message>
    <message>
        <source>its weights do not fit the sizes in {file}</source>
        <translation>重みが {file} の大きさと合いません</translation>
    </message>
    <message>
        <source>{heads} heads cannot share {shared} keys and values</source>
        <translation>{heads}個のヘッドで{shared}個のキーとバリューは分け合えません</translation>
    </message>
    <message>
        <source>a head size of {size} cannot be rotated: it is odd</source>
        <translation>ヘッドの大きさ{size}は奇数なので使えません</translation>
    </message>
    <message>
        <source>“{name}” is {value}, and must be above zero</source>
        <translation>「{name}」は{value}ですが、0より大きくなければなりません</translation>
    </message>
    <message>
        <source>“{name}” is not supported</source>
        <translation>「{name}」には対応していません</translation>
    </message>
    <message>
        <source>it asks to run program code of its own (“auto_map”), which is never done</source>
        <translation>自分のプログラム（“auto_map”）を動かすよう求めていますが、それは決してしません</translation>
    </message>
    <message>
        <source>its weights are quantised (“{kind}”): take the version of it that is not</source>
        <translation>重みが量子化されています（「{kind}」）。量子化されていないものを使ってください</translation>
    </message>
    <message>
        <source>“{name}” is {value}, not between 1 and {most}</source>
        <translation>「{name}」が{value}で、1から{most}までの範囲にありません</translation>
    </message>
    <message>
        <source>the model family “{name}” is not known</source>
        <translation>「{name}」という種類のモデルには対応していません</translation>
    </message>
    <message>
        <source>it has no token for the end of a text</source>
        <translation>文章の終わりを表すトークンがありません</translation>
    </message>
    <message>
        <source>it is not a tokenizer</source>
        <translation>トークナイザーとして読めません</translation>
    </message>
    <message>
        <source>Restore it from a copy, or read the corpus again.</source>
        <translation>バックアップから戻すか、コーパスを読みなおしてください。</translation>
    </message>
    <message>
        <source>Choose another teacher.</source>
        <translation>別の先生を選んでください。</translation>
    </message>
    <message>
        <source>The teacher “{teacher}” and the version “{pupil}” divide text into different tokens ({one} and {two} of them), so the one cannot learn the other's probabilities: choose a teacher with the same tokenizer, or distil from nothing.</source>
        <translation>先生「{teacher}」と版「{pupil}」は文章を別々のトークンに分けるので（{one}種類と{two}種類）、確率を学べません。トークナイザーが同じ先生を選ぶか、ゼロから蒸留してください。</translation>
    </message>
    <message>
        <source>A pupil has the tokenizer of its teacher “{teacher}”: leave tokenizer and vocabulary to the app.</source>
        <translation>生徒は先生「{teacher}」のトークナイザーを使います。トークナイザーと語彙はおまかせにしてください。</translation>
    </message>
    <message>
        <source>“{teacher}” is a {one} and the pupil a {two}: one continues text and the other fills in blanks. Choose another teacher or another family.</source>
        <translation>「{teacher}」は{one}、生徒は{two}です。一方は文の続きを書き、他方は空欄をうめます。別の先生か別の系統を選んでください。</translation>
    </message>
    <message>
        <source>The teacher “{teacher}” sees at most {most} tokens, not {wanted}: choose a shorter context.</source>
        <translation>先生「{teacher}」が見られるのは{most}トークンまでで、{wanted}ではありません。もっと短い文脈を選んでください。</translation>
    </message>
    <message>
        <source>Hidden states can only be compared where both are equally wide, but the teacher “{teacher}” has a width of {one} and the pupil {two}: set the weight of hidden states to 0, or choose the same width.</source>
        <translation>隠れ状態をくらべるには幅が同じでなければなりませんが、先生「{teacher}」の幅は{one}、生徒は{two}です。隠れ状態の重みを0にするか、同じ幅を選んでください。</translation>
    </message>
    <message>
        <source>Choose another version.</source>
        <translation>別の版を選んでください。</translation>
    </message>
    <message>
        <source>version</source>
        <translation>版</translation>
    </message>
    <message>
        <source>Train one with: train --corpus … --name …, or in the window.</source>
        <translation>まずひとつ、学習させてください。</translation>
    </message>
    <message>
        <source>Restore it from a copy, or remove this version.</source>
        <translation>バックアップから戻すか、この版をごみ箱に移してください。</translation>
    </message>
    <message>
        <source>it has not published a version</source>
        <translation>版がまだできていません</translation>
    </message>
    <message>
        <source>the state before its learning rate fell is not there any more</source>
        <translation>学習率が下がる前の状態がもう残っていません</translation>
    </message>
    <message>
        <source>say how much longer, in minutes, steps or passes, and only one of them</source>
        <translation>どれだけ延ばすかを、分・ステップ数・読む回数のどれか一つで指定してください</translation>
    </message>
    <message>
        <source>A head size of {size} cannot be rotated: choose an even number.</source>
        <translation>ヘッドの幅 {size} は奇数なので位置の回転ができません。偶数にしてください。</translation>
    </message>
    <message>
        <source>A width of {width} cannot be divided into heads of {size}: choose a multiple of {size}, such as {near}.</source>
        <translation>幅 {width} は幅 {size} のヘッドに分けられません。{size} の倍数（たとえば {near}）にしてください。</translation>
    </message>
    <message>
        <source>A width of {width} cannot be divided into heads: choose a multiple of 32, such as {near}.</source>
        <translation>幅 {width} はヘッドに分けられません。32 の倍数（たとえば {near}）にしてください。</translation>
    </message>
    <message>
        <source>{heads} heads cannot share {shared} keys and values: choose {choices}.</source>
        <translation>{heads} 個のヘッドでキー・バリューのヘッド {shared} 個を分け合うことはできません。{choices} にしてください。</translation>
    </message>
    <message>
        <source>{heads} heads of {size} do not make a width of {width}: leave one of the three to the app.</source>
        <translation>{size}のヘッドが{heads}個では、幅{width}になりません。三つのうち一つをおまかせにしてください。</translation>
    </message>
    <message>
        <source>The model size of {wanted} contradicts the sizes set by hand, which make {real} parameters: leave one of them to the app.</source>
        <translation>モデルの大きさ {wanted} と、手で決めた形（{real} パラメータになります）が食い違っています。どちらかをアプリに任せてください。</translation>
    </message>
    <message>
        <source>{name} cannot change when a version goes on: leave it to the app, or train from scratch.</source>
        <translation>{name}は、版の続きから学習するときには変えられません。アプリに任せるか、はじめから学習してください。</translation>
    </message>
    <message>
        <source>A micro-batch of {micro} windows is larger than the batch of {batch}: choose at most {batch}.</source>
        <translation>マイクロバッチ（{micro}）がバッチ（{batch}）より大きくなっています。{batch} 以下にしてください。</translation>
    </message>
    <message>
        <source>A warm-up of {warmup} steps does not fit into a training of {steps}: choose fewer.</source>
        <translation>ウォームアップ {warmup} ステップは、全 {steps} ステップの学習に収まりません。もっと短くしてください。</translation>
    </message>
    <message>
        <source>A context of {context} tokens is longer than the corpus, which has {tokens} to train on: choose at most {most}, or add text.</source>
        <translation>文脈 {context} トークンは、コーパスの学習用テキスト（{tokens} トークン）より長くなっています。{most} 以下にするか、文章を足してください。</translation>
    </message>
    <message>
        <source>A vocabulary of {wanted} tokens cannot be learnt from {bytes} bytes of text: choose at most {most}, or add text.</source>
        <translation>{bytes} バイトの文章から語彙 {wanted} を学ぶことはできません。{most} 以下にするか、文章を足してください。</translation>
    </message>
    <message>
        <source>Starting alone takes about {start} here: choose more than {whole}.</source>
        <translation>このマシンでは始めるだけで約{start}かかります。{whole}より長くしてください。</translation>
    </message>
    <message>
        <source>Choose only one of minutes, steps and passes.</source>
        <translation>分・ステップ・周回は、どれかひとつだけにしてください。</translation>
    </message>
    <message>
        <source>it is larger than 20 MB</source>
        <translation>20 MBより大きいです</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>UTF-8の文章ではありません</translation>
    </message>
    <message>
        <source>its columns or keys are others</source>
        <translation>列や項目がちがいます</translation>
    </message>
    <message>
        <source>fewer than two pairs are in it</source>
        <translation>中の組が二つに足りません</translation>
    </message>
    <message>
        <source>it and its partner have different numbers of lines</source>
        <translation>相手のファイルと行数がちがいます</translation>
    </message>
    <message>
        <source>it is neither a CSV with sent_more and sent_less, nor a JSON list with stereotype and anti-stereotype, nor one of two files named pro-… and anti-…</source>
        <translation>sent_moreとsent_lessのあるCSVでも、stereotypeとanti-stereotypeのあるJSONのリストでも、pro-…とanti-…という二つのファイルの一方でもありません</translation>
    </message>
    <message>
        <source>its tokenizer has no token that hides a word (a mask)</source>
        <translation>トークナイザーに、ことばを隠すトークン（マスク）がありません</translation>
    </message>
    <message>
        <source>“{name}” cannot read this text: its tokenizer knows none of its characters. Measure it on text of the kind that it was trained on.</source>
        <translation>「{name}」はこの文章を読めません。文章の文字がトークナイザーに一つもないためです。学習に使ったものに近い文章で測ってください。</translation>
    </message>
    <message>
        <source>Export it as a Hugging Face folder, which keeps everything.</source>
        <translation>Hugging Faceのフォルダとして書き出せば、すべてが残ります。</translation>
    </message>
    <message>
        <source>“{name}” has no text on that side. Export all of it.</source>
        <translation>「{name}」にはその側のテキストがありません。すべてを書き出してください。</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder. Choose another place.</source>
        <translation>{path} はフォルダではなくファイルです。別の場所を選んでください。</translation>
    </message>
    <message>
        <source>{path} is inside Terakoya's own folder. Choose one outside it.</source>
        <translation>{path}は寺子屋自身のフォルダの中です。外の場所を選んでください。</translation>
    </message>
    <message>
        <source>it is a whole version, not an adapter</source>
        <translation>これは完全な版で、アダプターではありません</translation>
    </message>
    <message>
        <source>llama.cpp does not know its family ({name})</source>
        <translation>llama.cppはこの系統（{name}）を知りません</translation>
    </message>
    <message>
        <source>llama.cpp reads encoders ({name}) without the part that fills in blanks</source>
        <translation>llama.cppはエンコーダー（{name}）を、空欄をうめる部分なしで読みます</translation>
    </message>
    <message>
        <source>The weights and config.json are not of the same model: get both from one place.</source>
        <translation>重みとconfig.jsonが同じモデルのものではありません。両方を同じところから取ってください。</translation>
    </message>
    <message>
        <source>Choose a model of a family that is built in: {families}.</source>
        <translation>組みこまれている系統のモデルを選んでください：{families}。</translation>
    </message>
    <message>
        <source>it has a weight that the model does not know: “{name}”</source>
        <translation>モデルの知らない重みがあります：「{name}」</translation>
    </message>
    <message>
        <source>it has weights that the model does not know: “{name}” and {count} more</source>
        <translation>モデルの知らない重みがあります：「{name}」ほか{count}個</translation>
    </message>
    <message>
        <source>{count} of its weights are missing, “{name}” first</source>
        <translation>重みが{count}個足りません。最初は「{name}」です</translation>
    </message>
    <message>
        <source>the weight “{name}” is missing</source>
        <translation>重み「{name}」が足りません</translation>
    </message>
    <message>
        <source>“{name}” has the shape {found}, but {expected} is expected</source>
        <translation>「{name}」の形は{found}ですが、{expected}のはずです</translation>
    </message>
    <message>
        <source>The tokenizer and the weights are not of the same model: get both from one place.</source>
        <translation>トークナイザーと重みが同じモデルのものではありません。両方を同じところから取ってください。</translation>
    </message>
    <message>
        <source>Do not use this model, or take its chat template out of the folder first.</source>
        <translation>このモデルは使わないか、先に会話の書式をフォルダから外してください。</translation>
    </message>
    <message>
        <source>its tokenizer has {tokens} tokens, but the model knows only {rows}</source>
        <translation>トークナイザーには{tokens}種類のトークンがありますが、モデルが知っているのは{rows}種類です</translation>
    </message>
    <message>
        <source>its tokenizer has no token for the end of a text</source>
        <translation>トークナイザーに、文章の終わりのトークンがありません</translation>
    </message>
    <message>
        <source>its chat template is not harmless: {reason}</source>
        <translation>会話の書式が安全ではありません：{reason}</translation>
    </message>
    <message>
        <source>a width of {width} cannot be divided among {heads} heads</source>
        <translation>幅{width}を{heads}個のヘッドに分けられません</translation>
    </message>
    <message>
        <source>“attention_types” describes {count} layers, but there are {layers}</source>
        <translation>「attention_types」は{count}層分ありますが、層は{layers}です</translation>
    </message>
    <message>
        <source>{chosen} of {experts} experts cannot be chosen</source>
        <translation>{experts}人の専門家から{chosen}人を選ぶことはできません</translation>
    </message>
    <message>
        <source>There is no blank in the text: write ____ where a word is missing.</source>
        <translation>文章に空欄がありません。抜けていることばのところに ____ と書いてください。</translation>
    </message>
    <message>
        <source>The text has {count} blanks: fill in at most {most} at a time.</source>
        <translation>文章に空欄が{count}個あります。一度にうめられるのは{most}個までです。</translation>
    </message>
    <message>
        <source>lesson</source>
        <translation>レッスン</translation>
    </message>
    <message>
        <source>It may have been taken back already.</source>
        <translation>もう取り消されたのかもしれません。</translation>
    </message>
    <message>
        <source>int4 is computed on NVIDIA GPUs only: choose int8 for the frozen base, which needs a quarter of the memory of fp32 and runs everywhere.</source>
        <translation>int4を計算できるのはNVIDIAのGPUだけです。凍結した土台にはint8を選んでください。fp32の四分の一のメモリで、どこでも動きます。</translation>
    </message>
    <message>
        <source>int4 needs the package bitsandbytes, which is not installed: choose int8 for the frozen base, or install bitsandbytes into Terakoya's environment.</source>
        <translation>int4にはbitsandbytesというパッケージが要りますが、入っていません。凍結した土台にint8を選ぶか、寺子屋の環境にbitsandbytesを入れてください。</translation>
    </message>
    <message>
        <source>it is an adapter of the kind “{kind}”; LoRA and DoRA are read</source>
        <translation>「{kind}」という種類のアダプターです。読めるのはLoRAとDoRAです</translation>
    </message>
    <message>
        <source>it is a variant of LoRA that is not read (“{name}” is set)</source>
        <translation>読めない種類のLoRAです（「{name}」が設定されています）</translation>
    </message>
    <message>
        <source>its part “{name}” does not fit this base</source>
        <translation>その「{name}」の部分が、この土台に合いません</translation>
    </message>
    <message>
        <source>conversations (.jsonl with “messages”, or with “instruction” and “output”)</source>
        <translation>会話（「messages」または「instruction」と「output」のある.jsonl）</translation>
    </message>
    <message>
        <source>pairs of answers (.jsonl with “prompt”, “chosen” and “rejected”)</source>
        <translation>答えの組（「prompt」「chosen」「rejected」のある.jsonl）</translation>
    </message>
    <message>
        <source>none of its {count} documents is a conversation</source>
        <translation>{count}件の文書のどれも会話ではありません</translation>
    </message>
    <message>
        <source>none of its {count} documents is a pair of a better and a worse answer</source>
        <translation>{count}件の文書のどれも、よい答えとよくない答えの組ではありません</translation>
    </message>
    <message>
        <source>a question alone is longer than {count} tokens</source>
        <translation>質問だけで{count}トークンより長いものがあります</translation>
    </message>
    <message>
        <source>The tokenizer has no token that hides a word (a mask): choose a version or a tokenizer that has one, or the objective causal.</source>
        <translation>トークナイザーに、ことばを隠すトークン（マスク）がありません。マスクのある版かトークナイザーを選ぶか、目的をcausalにしてください。</translation>
    </message>
    <message>
        <source>Only BERT learns whether one segment follows another: switch next-sentence prediction off, or choose BERT.</source>
        <translation>文がつづくかどうかを学ぶのはBERTだけです。「次の文の予測」を切るか、BERTを選んでください。</translation>
    </message>
    <message>
        <source>nobody knows which texts it was</source>
        <translation>どの文章だったか分かりません</translation>
    </message>
    <message>
        <source>the corpus {names} is gone</source>
        <translation>コーパス{names}がもうありません</translation>
    </message>
    <message>
        <source>{name} has no effect on this training: leave it out.</source>
        <translation>この学習では「{name}」に効果がありません。指定を外してください。</translation>
    </message>
    <message>
        <source>This family fills in blanks and continues nothing: choose the objective masked, or another family.</source>
        <translation>この系統は空欄をうめるもので、文の続きは書きません。目的をmaskedにするか、別の系統を選んでください。</translation>
    </message>
    <message>
        <source>Only BERT, RoBERTa and DistilBERT fill in blanks: choose one of them as family, or the objective causal.</source>
        <translation>空欄をうめるのはBERT、RoBERTa、DistilBERTだけです。系統をそのどれかにするか、目的をcausalにしてください。</translation>
    </message>
    <message>
        <source>Conversations are taught to a version that can already write: choose one to go on from (--from).</source>
        <translation>会話は、もう書ける版に教えます。もとにする版を選んでください（--from）。</translation>
    </message>
    <message>
        <source>LoRA adds to a version: choose one to go on from (--from), or train all weights.</source>
        <translation>LoRAは版に足すものです。もとにする版を選ぶか（--from）、すべての重みを学習してください。</translation>
    </message>
    <message>
        <source>A base in fp32 is computed in fp32: leave the precision to the app, or choose bf16 for the base.</source>
        <translation>fp32の土台はfp32で計算します。精度をおまかせにするか、土台にbf16を選んでください。</translation>
    </message>
    <message>
        <source>Distilling needs a teacher: choose the version to learn from (--teacher).</source>
        <translation>蒸留には先生が要ります。手本の版を選んでください（--teacher）。</translation>
    </message>
    <message>
        <source>A teacher is only asked when distilling: choose the objective distil, or no teacher.</source>
        <translation>先生は蒸留のときだけ使います。目的をdistilにするか、先生を外してください。</translation>
    </message>
    <message>
        <source>There is no preset called “{name}”.</source>
        <translation>「{name}」というプリセットはありません。</translation>
    </message>
    <message>
        <source>“{name}” can be planned but not trained: its design is not built in.</source>
        <translation>「{name}」は見積もれますが、学習はできません。その設計は組みこまれていません。</translation>
    </message>
    <message>
        <source>it is longer than {count} characters</source>
        <translation>{count}字より長いです</translation>
    </message>
    <message>
        <source>it is no valid template (line {line}: {detail})</source>
        <translation>正しい書式ではありません（{line}行目：{detail}）</translation>
    </message>
    <message>
        <source>it fails ({detail})</source>
        <translation>失敗します（{detail}）</translation>
    </message>
    <message>
        <source>it tries to leave its sandbox</source>
        <translation>囲いの外へ出ようとします</translation>
    </message>
    <message>
        <source>it does not come to an end, or makes endless text</source>
        <translation>終わらないか、果てしない文章を作ります</translation>
    </message>
    <message>
        <source>it refuses this conversation ({detail})</source>
        <translation>この会話を受けつけません（{detail}）</translation>
    </message>
    <message>
        <source>it does not write every message once, in their order</source>
        <translation>すべての発言を、順に一度ずつ書きません</translation>
    </message>
    <message>
        <source>the version's tokenizer has no tokens for turns</source>
        <translation>版のトークナイザーに、会話の番のトークンがありません</translation>
    </message>
    <message>
        <source>Adapters are trained on one device: start this training without torchrun.</source>
        <translation>アダプターは一つの装置で学習します。torchrunを使わずに始めてください。</translation>
    </message>
    <message>
        <source>its adapters sit on each other in a circle</source>
        <translation>アダプターどうしが輪になっています</translation>
    </message>
    <message>
        <source>it was not trained here</source>
        <translation>ここで学習したものではありません</translation>
    </message>
    <message>
        <source>it was trained from nothing itself</source>
        <translation>それ自身がゼロから学習したものです</translation>
    </message>
    <message>
        <source>preferences are only taught to a version that can already answer</source>
        <translation>好みは、もう答えられる版にだけ教えます</translation>
    </message>
    <message>
        <source>the numbers of “{name}” are packed as {kind}, which is not known</source>
        <translation>「{name}」の数が{kind}という知らない形で詰められています</translation>
    </message>
    <message>
        <source>What was fetched is kept: try again, or resume the run.</source>
        <translation>取得した分は残っています。もう一度試すか、続きから始めてください。</translation>
    </message>
    <message>
        <source>Check the name on the hub's own page.</source>
        <translation>Hubのページで名前を確かめてください。</translation>
    </message>
    <message>
        <source>Agree to its conditions on the hub and log in (hf auth login), or choose another.</source>
        <translation>Hubで条件に同意してログインする（hf auth login）か、別のものを選んでください。</translation>
    </message>
    <message>
        <source>a model on the hub is called OWNER/NAME</source>
        <translation>Hubのモデルは「持ち主/名前」で呼びます</translation>
    </message>
    <message>
        <source>it has {count} .gguf files and no config.json</source>
        <translation>.ggufファイルが{count}個あり、config.jsonがありません</translation>
    </message>
    <message>
        <source>Name the file as well: hub:OWNER/NAME/FILE.gguf. There are: {names}.</source>
        <translation>ファイルの名前も書いてください：hub:持ち主/名前/ファイル.gguf。あるのは{names}です。</translation>
    </message>
    <message>
        <source>{name} came broken over the network</source>
        <translation>{name} が通信の途中で壊れました</translation>
    </message>
    <message>
        <source>this computer is set to stay offline (HF_HUB_OFFLINE)</source>
        <translation>このコンピューターはオフラインに設定されています（HF_HUB_OFFLINE）</translation>
    </message>
    <message>
        <source>Unset HF_HUB_OFFLINE, or import the model from a folder.</source>
        <translation>HF_HUB_OFFLINEを外すか、フォルダから取りこんでください。</translation>
    </message>
    <message>
        <source>its maker asks who wants it</source>
        <translation>作り手が、使う人をたずねています</translation>
    </message>
    <message>
        <source>the hub knows no such model, file or revision</source>
        <translation>そのようなモデル・ファイル・改訂はHubにありません</translation>
    </message>
    <message>
        <source>the hub cannot be reached, or broke off ({words})</source>
        <translation>Hubに届かないか、途中で切れました（{words}）</translation>
    </message>
    <message>
        <source>Choose a folder with config.json and .safetensors files, one such file, or a .gguf file.</source>
        <translation>config.jsonと.safetensorsのあるフォルダ、そのファイル一つ、または.ggufファイルを選んでください。</translation>
    </message>
    <message>
        <source>it asks to run program code that comes with the model (auto_map)</source>
        <translation>モデルについてくるプログラムを動かすよう求めています（auto_map）</translation>
    </message>
    <message>
        <source>Terakoya runs no code of a model: choose one whose architecture is built in.</source>
        <translation>寺子屋はモデルのプログラムを動かしません。組みこまれている構造のモデルを選んでください。</translation>
    </message>
    <message>
        <source>its weights are packed for one program only (quantization_config)</source>
        <translation>重みが特定のプログラム用に詰められています（quantization_config）</translation>
    </message>
    <message>
        <source>Choose the model's float edition, or its .gguf file.</source>
        <translation>そのモデルの小数版か、.ggufファイルを選んでください。</translation>
    </message>
    <message>
        <source>it is far too large for such a file</source>
        <translation>その種のファイルとしては大きすぎます</translation>
    </message>
    <message>
        <source>it is no file of SentencePiece</source>
        <translation>SentencePieceのファイルではありません</translation>
    </message>
    <message>
        <source>it is a tokenizer of SentencePiece that is not made of merges (BPE)</source>
        <translation>SentencePieceのトークナイザーですが、併合（BPE）で作られていません</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>JSONのオブジェクトではありません</translation>
    </message>
    <message>
        <source>it is a pickle, and opening a pickle runs whatever program its maker put into it</source>
        <translation>これはpickleで、開くと作り手の入れたプログラムが何であれ動いてしまいます</translation>
    </message>
    <message>
        <source>Take the .safetensors files of the same model, or have them made where you trust it: in Python, AutoModel.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER).</source>
        <translation>同じモデルの.safetensorsを使うか、信頼できるところで作ってください。PythonでAutoModel.from_pretrained(フォルダ).save_pretrained(新しいフォルダ)。</translation>
    </message>
    <message>
        <source>it is neither a .safetensors nor a .gguf file</source>
        <translation>.safetensorsでも.ggufでもありません</translation>
    </message>
    <message>
        <source>there are {count} .gguf files in it, each a model by itself</source>
        <translation>.ggufファイルが{count}個あり、それぞれが別のモデルです</translation>
    </message>
    <message>
        <source>Choose one of the files, not the folder.</source>
        <translation>フォルダではなく、その中のファイルを一つ選んでください。</translation>
    </message>
    <message>
        <source>“{name}” stands in more than one of its files</source>
        <translation>「{name}」が二つ以上のファイルにあります</translation>
    </message>
    <message>
        <source>there are {count} .safetensors files in it and no {index} that says which belong together</source>
        <translation>.safetensorsファイルが{count}個ありますが、どれが組かを示す{index}がありません</translation>
    </message>
    <message>
        <source>its weights are in another program's form ({name})</source>
        <translation>重みが別のプログラムの形です（{name}）</translation>
    </message>
    <message>
        <source>there are no weights in it as .safetensors or .gguf</source>
        <translation>.safetensorsや.ggufの重みが入っていません</translation>
    </message>
    <message>
        <source>it does not say which file has which weights</source>
        <translation>どのファイルにどの重みがあるか書かれていません</translation>
    </message>
    <message>
        <source>it names “{name}”, which is no .safetensors file beside it</source>
        <translation>「{name}」を挙げていますが、となりの.safetensorsファイルではありません</translation>
    </message>
    <message>
        <source>the file {name} that it names is not there</source>
        <translation>挙げられたファイル{name}がありません</translation>
    </message>
    <message>
        <source>“{name}” is not in {file}, where it should be</source>
        <translation>「{name}」が、あるはずの{file}にありません</translation>
    </message>
    <message>
        <source>Copy or download the file again.</source>
        <translation>ファイルをもう一度コピーするかダウンロードしてください。</translation>
    </message>
    <message>
        <source>its header claims {length} bytes, but the file has {size}</source>
        <translation>ヘッダーは{length}バイトと言いますが、ファイルは{size}バイトです</translation>
    </message>
    <message>
        <source>it became shorter while it was read</source>
        <translation>読んでいるあいだに短くなりました</translation>
    </message>
    <message>
        <source>its header names “{name}” twice</source>
        <translation>ヘッダーに「{name}」が二度出てきます</translation>
    </message>
    <message>
        <source>its header does not describe “{name}” as it should</source>
        <translation>ヘッダーの「{name}」の説明が正しくありません</translation>
    </message>
    <message>
        <source>the place of “{name}” in it is not what its header says</source>
        <translation>「{name}」の場所が、ヘッダーの言うところと合いません</translation>
    </message>
    <message>
        <source>it ends after {size} of {needed} bytes of weights</source>
        <translation>重みが{needed}バイトあるはずが、{size}バイトで終わっています</translation>
    </message>
    <message>
        <source>{count} bytes at its end belong to no tensor</source>
        <translation>終わりの{count}バイトが、どのテンソルのものでもありません</translation>
    </message>
    <message>
        <source>the numbers of “{name}” are of the type {dtype}, not 16-bit, 32-bit or 64-bit floats</source>
        <translation>「{name}」の数は{dtype}型で、16・32・64ビットの小数ではありません</translation>
    </message>
    <message>
        <source>it is not a tokenizer that this program reads</source>
        <translation>このプログラムが読めるトークナイザーではありません</translation>
    </message>
    <message>
        <source>Get tokenizer.json of the same model and put it into the folder.</source>
        <translation>同じモデルのtokenizer.jsonを手に入れ、フォルダに入れてください。</translation>
    </message>
    <message>
        <source>Have tokenizer.json made once: in Python with transformers and sentencepiece, AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).</source>
        <translation>一度tokenizer.jsonを作ってください。transformersとsentencepieceのあるPythonで、AutoTokenizer.from_pretrained(フォルダ).save_pretrained(フォルダ)。</translation>
    </message>
    <message>
        <source>Choose a model that comes with tokenizer.json: such a tokenizer needs no dictionary.</source>
        <translation>tokenizer.jsonの付いたモデルを選んでください。それなら辞書は要りません。</translation>
    </message>
    <message>
        <source>there is no tokenizer.json in it</source>
        <translation>tokenizer.jsonがありません</translation>
    </message>
    <message>
        <source>its tokenizer needs a dictionary of Japanese that is not part of it</source>
        <translation>トークナイザーに、付属していない日本語の辞書が要ります</translation>
    </message>
    <message>
        <source>the line “{line}” in it is no pair of tokens</source>
        <translation>中の行「{line}」が、トークンの組ではありません</translation>
    </message>
    <message>
        <source>llama.cpp has no place for “{name}”</source>
        <translation>llama.cppには「{name}」の場所がありません</translation>
    </message>
    <message>
        <source>llama.cpp computes this family otherwise than its “{name}” says</source>
        <translation>llama.cppは、この系統を「{name}」の言うのとは別のやり方で計算します</translation>
    </message>
    <message>
        <source>it is no GGUF file of a version that is known</source>
        <translation>知られている版のGGUFファイルではありません</translation>
    </message>
    <message>
        <source>the numbers of “{name}” are of a type that is not known ({number})</source>
        <translation>「{name}」の数が知らない型です（{number}）</translation>
    </message>
    <message>
        <source>it ends after {size} bytes, but “{name}” should reach to {needed}</source>
        <translation>{size}バイトで終わっていますが、「{name}」は{needed}まであるはずです</translation>
    </message>
    <message>
        <source>its header counts {count} entries, more than the file could hold</source>
        <translation>ヘッダーには項目が{count}個とありますが、ファイルに入る数を超えています</translation>
    </message>
    <message>
        <source>its rotary positions are stretched in a way that is not known</source>
        <translation>回転位置が、知らないやり方で引きのばされています</translation>
    </message>
    <message>
        <source>it has no tokenizer</source>
        <translation>トークナイザーがありません</translation>
    </message>
    <message>
        <source>its tokenizer is not what it should be</source>
        <translation>トークナイザーが、あるべき形ではありません</translation>
    </message>
    <message>
        <source>its tokenizer has no scores</source>
        <translation>トークナイザーに点数がありません</translation>
    </message>
    <message>
        <source>llama.cpp and this program share no tokenizer of its kind ({name})</source>
        <translation>llama.cppとこのプログラムに、共通するその種のトークナイザーがありません（{name}）</translation>
    </message>
    <message>
        <source>it is an adapter for “{base}”, and no version of that name is on the shelf</source>
        <translation>「{base}」のためのアダプターですが、その名前の版が本棚にありません</translation>
    </message>
    <message>
        <source>Import the base first, under that name, and then the adapter.</source>
        <translation>先に土台をその名前で取りこみ、それからアダプターを取りこんでください。</translation>
    </message>
    <message>
        <source>“{name}” is a whole version already: only adapters are merged.</source>
        <translation>「{name}」はもう一つにまとまった版です。まとめられるのはアダプターだけです。</translation>
    </message>
    <message>
        <source>This objective is trained on one device: start this training without torchrun.</source>
        <translation>この目標の学習は 1 台の装置で行います。torchrun を使わずに始めてください。</translation>
    </message>
    <message>
        <source>Put all parts of the model into one folder, under the names that they were published under.</source>
        <translation>モデルのすべての部分を、公開されたときの名前のまま、一つのフォルダに入れてください。</translation>
    </message>
    <message>
        <source>it is one of {count} parts of a model, but its name does not say which</source>
        <translation>{count}個に分けられたモデルの一部ですが、何番目かが名前から分かりません</translation>
    </message>
    <message>
        <source>it is one of {count} parts of a model, and {name} is not beside it</source>
        <translation>{count}個に分けられたモデルの一部ですが、同じ場所に{name}がありません</translation>
    </message>
    <message>
        <source>it is not part {number} of {count}, as its name says</source>
        <translation>名前は{count}個のうちの{number}番目だと言っていますが、中身が違います</translation>
    </message>
    <message>
        <source>its parts have {count} tensors together, but it says {stated}</source>
        <translation>全部で{stated}個のはずのテンソルが、合わせて{count}個でした</translation>
    </message>
    <message>
        <source>Choose the file tokenizer.json of a model.</source>
        <translation>モデルの tokenizer.json を選んでください。</translation>
    </message>
    <message>
        <source>Choose another tokenizer.</source>
        <translation>別のトークナイザーを選んでください。</translation>
    </message>
    <message>
        <source>it is larger than {most} MB</source>
        <translation>{most} MB を超えています</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>JSON ではありません</translation>
    </message>
    <message>
        <source>it has no tokens</source>
        <translation>トークンがありません</translation>
    </message>
    <message>
        <source>it has {count} tokens with numbers up to {last}</source>
        <translation>トークンは {count} 個ですが、番号が {last} まであります</translation>
    </message>
    <message>
        <source>it cannot encode every text</source>
        <translation>トークンにできない文章があります</translation>
    </message>
    <message>
        <source>A version with it cannot be exported as GGUF: llama.cpp has no tokenizer of this kind.</source>
        <translation>これを使う版は GGUF に書き出せません。llama.cpp にこの種類のトークナイザーがないためです。</translation>
    </message>
    <message>
        <source>It does not keep every text as it is: spaces, capitals or characters get lost.</source>
        <translation>すべての文章をそのままには保てません。空白、大文字、または一部の文字が失われます。</translation>
    </message>
    <message>
        <source>“{word}” maps no columns; expected FILE:role=column[,role=column]</source>
        <translation>「{word}」では列が分かりません。「ファイル:役割=列名[,役割=列名]」の形で指定してください</translation>
    </message>
    <message>
        <source>tokenizer</source>
        <translation>トークナイザー</translation>
    </message>
    <message>
        <source>it has no text</source>
        <translation>テキストがありません</translation>
    </message>
    <message>
        <source>it is larger than {size} MB</source>
        <translation>{size} MB を超えています</translation>
    </message>
    <message>
        <source>it has more than {count} texts</source>
        <translation>テキストが {count} 件を超えています</translation>
    </message>
    <message>
        <source>it is not what its name says</source>
        <translation>中身が拡張子と合っていません</translation>
    </message>
    <message>
        <source>Nothing of it is in the corpus: its texts are copies of others, or cleaning leaves them out.</source>
        <translation>この文章はコーパスに入っていません。ほかの文章と同じか、お掃除で除かれました。</translation>
    </message>
    <message>
        <source>{path} is no file of the corpus, whose sources are: {sources}</source>
        <translation>{path} はこのコーパスのファイルではありません。資料は {sources} です</translation>
    </message>
    <message>
        <source>{path} is a folder: name its files one by one.</source>
        <translation>{path} はフォルダーです。中のファイルを一つずつ指定してください。</translation>
    </message>
    <message>
        <source>“{word}” chooses no encoding; expected FILE=NAME</source>
        <translation>「{word}」は文字コードの指定になっていません。FILE=NAME の形で書いてください</translation>
    </message>
    <message>
        <source>There is no encoding “{name}”. There are: auto, {names}.</source>
        <translation>「{name}」という文字コードはありません。使えるのは auto、{names} です。</translation>
    </message>
    <message>
        <source>nobody noted which texts this run does not read, and now they would be others</source>
        <translation>この学習が読まないテキストの記録がなく、いま調べると別のテキストになります</translation>
    </message>
    <message>
        <source>some of the corpora that this run reads are gone or others</source>
        <translation>この学習が読むコーパスの一部がなくなったか、別のものになっています</translation>
    </message>
    <message>
        <source>“{word}” sets no cleaning; expected NAME=VALUE, such as personal=mail,phone or unicode=nfkc</source>
        <translation>「{word}」はお掃除の指定ではありません。personal=mail,phone や unicode=nfkc のように「名前=値」で書いてください</translation>
    </message>
    <message>
        <source>{name} must be of {known}, not “{given}”.</source>
        <translation>{name}に指定できるのは{known}です（「{given}」は指定できません）。</translation>
    </message>
</context>
<context>
    <name>EvaluationDialog</name>
    <message>
        <source>Choose evaluation sets</source>
        <translation>評価セットを選ぶ</translation>
    </message>
    <message>
        <source>Choose a folder of evaluation sets</source>
        <translation>評価セットのフォルダを選ぶ</translation>
    </message>
    <message>
        <source>Evaluation sets in “{name}”</source>
        <translation>「{name}」の中の評価セット</translation>
    </message>
    <message>
        <source>A model that has read the questions is not tested by them. Choose the files that models shall be measured with: tables, JSON, or text with one item on each line. What both have is marked; what was reworded or translated is not found.</source>
        <translation>モデルが先に問題を読んでいたら、テストになりません。モデルを測るのに使うファイル（表、JSON、1行に1問の文章）を選んでください。同じところに印が付きます。言いかえや翻訳は見つかりません。</translation>
    </message>
    <message>
        <source>Evaluation sets</source>
        <translation>評価セット</translation>
    </message>
    <message>
        <source>Evaluation set</source>
        <translation>評価セット</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>見つかった</translation>
    </message>
    <message>
        <source>Too short</source>
        <translation>短すぎる</translation>
    </message>
    <message>
        <source>Items that were found</source>
        <translation>見つかった問題</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>番号</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文章</translation>
    </message>
    <message>
        <source>Where it is</source>
        <translation>あるところ</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重なり</translation>
    </message>
    <message>
        <source>The sets are compared with the corpus…</source>
        <translation>評価セットとコーパスをくらべています…</translation>
    </message>
    <message>
        <source>Drop evaluation sets here</source>
        <translation>評価セットをここに置いてください</translation>
    </message>
    <message>
        <source>or choose them with the buttons below. They are only compared, not added to the corpus.</source>
        <translation>下のボタンでも選べます。くらべるだけで、コーパスには入りません。</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>ファイル…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>フォルダ…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>止める</translation>
    </message>
    <message>
        <source>None of the {items} items is in the {documents} documents that are trained on.</source>
        <translation>{items}問のどれも、学習に使う{documents}件の文書にはありません。</translation>
    </message>
    <message>
        <source>1 of the {items} items is in the {documents} documents that are trained on.</source>
        <translation>{items}問のうち1問が、学習に使う{documents}件の文書の中にあります。</translation>
    </message>
    <message>
        <source>{found} of the {items} items are in the {documents} documents that are trained on.</source>
        <translation>{items}問のうち{found}問が、学習に使う{documents}件の文書の中にあります。</translation>
    </message>
    <message>
        <source>item {number}</source>
        <translation>{number}番</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
</context>
<context>
    <name>EvaluationScreen</name>
    <message>
        <source>Add a text…</source>
        <translation>文章を足す…</translation>
    </message>
    <message>
        <source>Any text file; you can also drop it here</source>
        <translation>文章のファイルならどれでも。ここへ置いても足せます</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>測る</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>成績表</translation>
    </message>
    <message>
        <source>best beyond doubt</source>
        <translation>誤差をこえて最良</translation>
    </message>
    <message>
        <source>no clear difference</source>
        <translation>差があるとは言えない</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版</translation>
    </message>
    <message>
        <source>Learned? Or memorised?</source>
        <translation>学んだ？ 丸暗記？</translation>
    </message>
    <message>
        <source>seen text</source>
        <translation>見せた文</translation>
    </message>
    <message>
        <source>unseen text</source>
        <translation>見せていない文</translation>
    </message>
    <message>
        <source>What it means</source>
        <translation>わかること</translation>
    </message>
    <message>
        <source>Texts to test on</source>
        <translation>テストに使う文章</translation>
    </message>
    <message>
        <source>Do not test on {path}</source>
        <translation>{path} をテストから外す</translation>
    </message>
    <message>
        <source>Testing {name}</source>
        <translation>{name}のテスト</translation>
    </message>
    <message>
        <source>{count} versions compared</source>
        <translation>{count}つの版をくらべる</translation>
    </message>
    <message>
        <source>No version to test yet</source>
        <translation>テストできる版はまだありません</translation>
    </message>
    <message>
        <source>same text, same conditions</source>
        <translation>同じ文章、同じ条件</translation>
    </message>
    <message>
        <source>Press “Measure”. The versions read text that they never saw; fewer bits per byte mean fewer surprises.</source>
        <translation>「測る」を押すと、版がまだ見ていない文を読みます。ビット/バイトが小さいほど、驚きが少なかったことになります。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt; guesses {share} % of the words that are hidden in unseen text ({bits} pseudo bits for each byte, ±{margin}).</source>
        <translation>&lt;b&gt;{name}&lt;/b&gt;は、未見の文章で隠した語の{share} %を当てます（1バイトあたり擬似{bits}ビット、±{margin}）。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt; needs {bits} bits for each byte of unseen text (±{margin}).</source>
        <translation>&lt;b&gt;{name}&lt;/b&gt;は、見せていない文の1バイトあたり{bits}ビット（±{margin}）です。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt; is best on unseen text, by more than chance.</source>
        <translation>見せていない文では&lt;b&gt;{name}&lt;/b&gt;が最良です。偶然をこえる差があります。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt; has the lowest figure, but the difference may be chance.</source>
        <translation>&lt;b&gt;{name}&lt;/b&gt;の値がいちばん小さいのですが、偶然の差かもしれません。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt; {verdict}: seen text costs it {gap} bits less than unseen. More text or fewer passes narrow this.</source>
        <translation>&lt;b&gt;{name}&lt;/b&gt;は「{verdict}」です。見せた文のほうが、見せていない文より{gap}ビット少なくすみます。文章を足すか、読む回数を減らすと差は縮みます。</translation>
    </message>
    <message>
        <source>Versions that fill in blanks are measured in another way: their figures cannot be compared with the others.</source>
        <translation>空欄をうめる版は測り方がちがうので、ほかの版の数字とはくらべられません。</translation>
    </message>
    <message>
        <source>Tested on the unseen part of “{corpus}”.</source>
        <translation>「{corpus}」の見せていない部分でテストしました。</translation>
    </message>
    <message>
        <source>On “{corpus}”: {sentence}</source>
        <translation>「{corpus}」について：{sentence}</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>わかったこと</translation>
    </message>
    <message>
        <source>Learned or memorised?</source>
        <translation>学んだ？ 丸暗記？</translation>
    </message>
    <message>
        <source>Who has &lt;b&gt;learned&lt;/b&gt; does nearly as well on new text as on the text of the lesson. Who has &lt;b&gt;memorised&lt;/b&gt; shines only on the old.</source>
        <translation>&lt;b&gt;学んだ&lt;/b&gt;版は、はじめての文章でも教材と同じくらいよくできます。&lt;b&gt;丸暗記&lt;/b&gt;した版は、教材でしかよくできません。</translation>
    </message>
    <message>
        <source>“No difference” counts too</source>
        <translation>「差なし」も大事</translation>
    </message>
    <message>
        <source>Every figure has a margin (±). A red circle is given only where a version is better &lt;b&gt;beyond that margin&lt;/b&gt;.</source>
        <translation>どの値にも誤差（±）があります。赤丸は、&lt;b&gt;誤差をこえて良いときだけ&lt;/b&gt;付けます。</translation>
    </message>
    <message>
        <source>What comes next</source>
        <translation>次にできること</translation>
    </message>
    <message>
        <source>Chat with the best version, go on training it, or add text for the next edition.</source>
        <translation>最良の版と話してみる、学習を続ける、文章を足して次の版へ進む。</translation>
    </message>
    <message>
        <source>Bits/byte</source>
        <translation>ビット/バイト</translation>
    </message>
    <message>
        <source>Bits needed for each byte of text: fewer mean fewer surprises.</source>
        <translation>文章1バイトあたりに要るビット数。小さいほど、驚きが少ないことになります。</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>信頼区間</translation>
    </message>
    <message>
        <source>The true value lies between low and high with 95 % certainty.</source>
        <translation>本当の値は、95 %の確かさで下限と上限のあいだにあります。</translation>
    </message>
    <message>
        <source>Pseudo bits/byte</source>
        <translation>疑似ビット/バイト</translation>
    </message>
    <message>
        <source>For a version that fills in blanks: each token is hidden in turn and guessed from both sides.</source>
        <translation>空欄をうめる版のための数字です。トークンを一つずつ隠し、両側から当てさせます。</translation>
    </message>
    <message>
        <source>Memorised</source>
        <translation>丸暗記</translation>
    </message>
    <message>
        <source>Knows the lesson's text by heart, but not the language.</source>
        <translation>教材の文章はそらで言えても、ことばが身についていないことです。</translation>
    </message>
</context>
<context>
    <name>ExchangeActions</name>
    <message>
        <source>Folder in which “{name}” is put</source>
        <translation>「{name}」を入れるフォルダ</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>まとめる</translation>
    </message>
    <message>
        <source>Name of the whole version that “{name}” and its base become</source>
        <translation>「{name}」と土台をまとめてできる版の名前</translation>
    </message>
</context>
<context>
    <name>ExpertFold</name>
    <message>
        <source>Expert settings ({count})</source>
        <translation>くわしい設定（{count}項目）</translation>
    </message>
    <message>
        <source>Expert settings ({count}, {changed} changed)</source>
        <translation>くわしい設定（{count}項目・変更{changed}）</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export the texts of “{name}”</source>
        <translation>「{name}」のテキストを書き出す</translation>
    </message>
    <message>
        <source>As they are after cleaning, masking and merging of copies. Your own files stay as they are.</source>
        <translation>整形し、伏せ字にし、重複をまとめた後のテキストです。元のファイルは変わりません。</translation>
    </message>
    <message>
        <source>one line for each document, with source, language and side</source>
        <translation>文書ごとに一行。資料・言語・学習/未学習の別つき</translation>
    </message>
    <message>
        <source>the same as a compact table, for pandas, DuckDB or datasets</source>
        <translation>同じ内容をまとめた表。pandas、DuckDB、datasets 用</translation>
    </message>
    <message>
        <source>Text files</source>
        <translation>テキストファイル</translation>
    </message>
    <message>
        <source>a folder with one file for each document</source>
        <translation>文書ごとに一つのファイルを入れたフォルダ</translation>
    </message>
    <message>
        <source>One text file</source>
        <translation>一つのテキストファイル</translation>
    </message>
    <message>
        <source>all documents, an empty line between them</source>
        <translation>すべての文書を、空行をはさんで</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>範囲</translation>
    </message>
    <message>
        <source>What models are trained on</source>
        <translation>モデルが学習するテキスト</translation>
    </message>
    <message>
        <source>What is kept unseen</source>
        <translation>学習に使わず取り分けたテキスト</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>To train on</source>
        <translation>学習用</translation>
    </message>
    <message>
        <source>Kept unseen</source>
        <translation>未学習</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダを選ぶ…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>{count} documents</source>
        <translation>文書 {count} 件</translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation>{count}字</translation>
    </message>
    <message>
        <source>Folder in which the export is put</source>
        <translation>書き出し先のフォルダ</translation>
    </message>
</context>
<context>
    <name>Families</name>
    <message>
        <source>GPT-4's own design is unpublished; sparse experts are how published models of trillions of parameters are run. Each token is computed by a few of the experts only.</source>
        <translation>GPT-4そのものの設計は公表されていません。公表された一兆規模のモデルは、疎な専門家（エキスパート）で動きます。トークンごとに、専門家のうちの数人だけが計算します。</translation>
    </message>
    <message>
        <source>GPT-4's architecture and size are unpublished (OpenAI 2023, GPT-4 Technical Report, section 2), so there is nothing to train or to reckon with. How models of a trillion weights are built is public for sparse ones: Switch-C, Kimi K2, Mixtral, Qwen3-MoE.</source>
        <translation>GPT-4の構造と大きさは公表されていないため（OpenAI 2023, GPT-4 Technical Report 2節）、学習も計算もできません。一兆個の重みをもつモデルの作り方は、疎なものなら公表されています：Switch-C、Kimi K2、Mixtral、Qwen3-MoE。</translation>
    </message>
</context>
<context>
    <name>FamilyChoice</name>
    <message>
        <source>Family</source>
        <translation>系統</translation>
    </message>
    <message>
        <source>Modern</source>
        <translation>現代</translation>
    </message>
    <message>
        <source>Historic</source>
        <translation>歴史</translation>
    </message>
    <message>
        <source>Fill in blanks</source>
        <translation>空欄をうめる</translation>
    </message>
    <message>
        <source>Sparse experts</source>
        <translation>疎な専門家</translation>
    </message>
    <message>
        <source>GPT-4 (unpublished)</source>
        <translation>GPT-4（非公表）</translation>
    </message>
    <message>
        <source>Neither the size nor the design of GPT-4 has been published (OpenAI 2023). Published models of that size use sparse experts: see Mixtral and Qwen3-MoE.</source>
        <translation>GPT-4の大きさも設計も公表されていません（OpenAI 2023）。公表されたその規模のモデルは疎な専門家を使います。MixtralとQwen3-MoEをごらんください。</translation>
    </message>
    <message>
        <source>Today's usual design: rotary positions, grouped attention, gated layers.</source>
        <translation>今の標準的な設計：回転位置、まとめた注意、ゲートつきの層。</translation>
    </message>
    <message>
        <source>The open design that most others follow.</source>
        <translation>多くのモデルが手本にする、公開された設計。</translation>
    </message>
    <message>
        <source>Llama whose attention looks back over a sliding window.</source>
        <translation>注意が、すべる窓の中だけをふり返るLlama。</translation>
    </message>
    <message>
        <source>Llama with biases in its attention.</source>
        <translation>注意にバイアスのあるLlama。</translation>
    </message>
    <message>
        <source>Most layers look near only, every sixth at everything.</source>
        <translation>ほとんどの層は近くだけを、六つに一つがすべてを見ます。</translation>
    </message>
    <message>
        <source>Llama in which every fourth layer knows no positions.</source>
        <translation>四層に一つが位置を知らないLlama。</translation>
    </message>
    <message>
        <source>The first GPT: learnt positions, norms after each layer.</source>
        <translation>最初のGPT：学習する位置、各層のあとに正規化。</translation>
    </message>
    <message>
        <source>GPT-1 with its norms before each layer, so that it can be deeper.</source>
        <translation>各層の前に正規化を置き、深くできるようにしたGPT-1。</translation>
    </message>
    <message>
        <source>GPT-2 in which every second layer looks near only.</source>
        <translation>二層に一つが近くだけを見るGPT-2。</translation>
    </message>
    <message>
        <source>Reads in both directions and fills in blanks; also learns which sentence follows.</source>
        <translation>両方向に読み、空欄をうめます。どの文がつづくかも学びます。</translation>
    </message>
    <message>
        <source>BERT trained better: other blanks in every pass, no pairs of sentences.</source>
        <translation>BERTをよりよく学習：周回ごとに別の空欄、文の組はなし。</translation>
    </message>
    <message>
        <source>BERT with half its layers, made to learn from a large one.</source>
        <translation>層を半分にしたBERT。大きなモデルから学びます。</translation>
    </message>
    <message>
        <source>Several experts in each layer, two of them at work for each token.</source>
        <translation>各層に専門家が何人かいて、トークンごとに二人がはたらきます。</translation>
    </message>
    <message>
        <source>Many small experts in each layer, few of them at work for each token.</source>
        <translation>各層に小さな専門家がたくさんいて、トークンごとに数人がはたらきます。</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>{label} ({unit})</source>
        <translation>{label}（{unit}）</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Test on unseen text</source>
        <translation>見せていない文でのテスト</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Test on what it learns</source>
        <translation>学んでいる文でのテスト</translation>
    </message>
    <message>
        <source>bits/byte</source>
        <translation>bits/byte</translation>
    </message>
    <message>
        <source>Bits that the model needs for each byte of text that it never saw. Lower is better.</source>
        <translation>見せていない文の1バイトあたりに要るビット数。小さいほど良い値です。</translation>
    </message>
    <message>
        <source>pseudo bits/byte</source>
        <translation>疑似ビット/バイト</translation>
    </message>
    <message>
        <source>Bits for each byte of unseen text when each token is hidden in turn, with all others to be seen. Lower is better; it does not compare with models that continue text.</source>
        <translation>ほかがすべて見えるところで、トークンを一つずつ隠して当てるときの、見せていない文1バイトあたりのビット数です。小さいほど良く、文の続きを書くモデルとはくらべられません。</translation>
    </message>
    <message>
        <source>bits/byte of answers</source>
        <translation>答えのビット/バイト</translation>
    </message>
    <message>
        <source>Bits for each byte of answers that it never saw; the questions do not count. Lower is better.</source>
        <translation>見せていない答え1バイトあたりのビット数です。質問は数えません。小さいほど良い数字です。</translation>
    </message>
    <message>
        <source>pair loss</source>
        <translation>組の損失</translation>
    </message>
    <message>
        <source>How far the better answers are ahead on unseen pairs: 0.69 is a coin toss. Lower is better.</source>
        <translation>見せていない組で、よい答えがどれだけ先を行くか。0.69は五分五分です。小さいほど良い数字です。</translation>
    </message>
    <message>
        <source>Nothing was held out: this is measured on what it learns, and says nothing of other text. Lower is better.</source>
        <translation>取り分けた文がありません。学んでいる文で測った値で、ほかの文での出来は分かりません。小さいほど良い値です。</translation>
    </message>
    <message>
        <source>{arrow} {difference} against {name}</source>
        <translation>{arrow} {difference}（{name}比）</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count}トークン</translation>
    </message>
    <message>
        <source>How many times the weights have been changed, and tokens read</source>
        <translation>重みを直した回数と、読んだトークンの数</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>迷い（パープレキシティ）</translation>
    </message>
    <message>
        <source>choices</source>
        <translation>択</translation>
    </message>
    <message>
        <source>began at {value}</source>
        <translation>はじめ {value}</translation>
    </message>
    <message>
        <source>Among how many equally likely tokens the model still wavers. Lower is better.</source>
        <translation>同じくらいありそうなトークンいくつのあいだで迷っているか。小さいほど良い値です。</translation>
    </message>
    <message>
        <source>Blanks filled rightly</source>
        <translation>うめた空欄の正解率</translation>
    </message>
    <message>
        <source>Share of the hidden tokens of unseen text that its first guess is right on. Higher is better.</source>
        <translation>見せていない文の隠したトークンのうち、最初の予想が当たった割合です。大きいほど良い数字です。</translation>
    </message>
    <message>
        <source>Better answer ahead</source>
        <translation>よい答えが先</translation>
    </message>
    <message>
        <source>Share of unseen pairs in which it prefers the better answer; 50 % is a coin toss. Higher is better.</source>
        <translation>見せていない組のうち、よいほうの答えを選ぶ割合です。50 %は五分五分です。大きいほど良い数字です。</translation>
    </message>
    <message>
        <source>Nothing was held out: this is measured on what it learns, and says nothing of other text. Higher is better.</source>
        <translation>取り分けた文がありません。学んでいる文で測った値で、ほかの文での出来は分かりません。大きいほど良い値です。</translation>
    </message>
</context>
<context>
    <name>FillSheet</name>
    <message>
        <source>The sheet</source>
        <translation>問題の紙</translation>
    </message>
    <message>
        <source>Filled in</source>
        <translation>うめた文</translation>
    </message>
    <message>
        <source>Text with blanks</source>
        <translation>空欄のある文</translation>
    </message>
    <message>
        <source>Write a sentence and leave blanks: The cat sat on the ____.</source>
        <translation>空欄のある文を書いてください：昔々あるところに、____がいました。</translation>
    </message>
    <message>
        <source>Blank</source>
        <translation>空欄</translation>
    </message>
    <message>
        <source>Puts a blank where the cursor stands</source>
        <translation>カーソルのところに空欄を入れます</translation>
    </message>
    <message>
        <source>Fill in</source>
        <translation>うめる</translation>
    </message>
    <message>
        <source>Write a blank as ____. Ctrl+Enter fills it in.</source>
        <translation>空欄は ____ と書きます。Ctrl+Enterでうめます</translation>
    </message>
    <message>
        <source>The stronger the colour, the surer the version is. Click a candidate to put it in.</source>
        <translation>色が濃いことばほど、自信があります。候補を押すと、そのことばが入ります。</translation>
    </message>
    <message>
        <source>Words of one token and of several are guessed apart, so the shares of a blank can add up to more than 100 %.</source>
        <translation>1トークンのことばと数トークンのことばは別々に予想するので、1つの空欄の割合を足すと100 %をこえることがあります。</translation>
    </message>
    <message>
        <source>There is no blank in this text: write ____ where a word is missing.</source>
        <translation>この文には空欄がありません。抜けていることばのところに ____ と書いてください。</translation>
    </message>
    <message>
        <source>What the version puts into the blanks appears here.</source>
        <translation>版が空欄に入れたことばが、ここに出ます。</translation>
    </message>
</context>
<context>
    <name>FilterMenu</name>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>読めたもの</translation>
    </message>
    <message>
        <source>With a warning</source>
        <translation>注意のあるもの</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>読めなかったもの</translation>
    </message>
    <message>
        <source>Encoding unsure</source>
        <translation>文字コードが不確かなもの</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>並べ替え</translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation>すべて表示に戻す</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Teach this computer to read and write.</source>
        <translation>読み書きを、このパソコンで教える。</translation>
    </message>
    <message>
        <source>Drop in some text and raise a language model of your own.</source>
        <translation>文章を入れるだけで、あなただけの言語モデルが育ちます。</translation>
    </message>
    <message>
        <source>Drop folders or files of text here</source>
        <translation>ここに、文章のフォルダやファイルを置いてください</translation>
    </message>
    <message>
        <source>Text encoding is detected for you (UTF-8, Shift_JIS, EUC-JP and more)</source>
        <translation>文字コードは自動で見分けます（UTF-8・Shift_JIS・EUC-JPほか）</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダを選ぶ…</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>貼り付け</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>見本の文章で試す</translation>
    </message>
    <message>
        <source>Little stories in simple Japanese and English. Your first edition in minutes.</source>
        <translation>やさしい日本語と英語の小さなおはなし。数分で、はじめての版が育ちます。</translation>
    </message>
    <message>
        <source>{size} · included</source>
        <translation>{size} · 同梱</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>はじめる</translation>
    </message>
    <message>
        <source>How it works, in 7 steps</source>
        <translation>7段でわかるしくみ</translation>
    </message>
    <message>
        <source>See how a model learns to read and write, from collecting to graduating.</source>
        <translation>集めるところから卒業まで、モデルが読み書きを覚えるようすを見ていきます。</translation>
    </message>
    <message>
        <source>about 3 minutes</source>
        <translation>約3分</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>見る</translation>
    </message>
    <message>
        <source>Your corpora</source>
        <translation>手持ちのコーパス</translation>
    </message>
    <message>
        <source>Go on with text that you collected before.</source>
        <translation>前に集めた文章で続けます。</translation>
    </message>
    <message>
        <source>{count} on this computer</source>
        <translation>このパソコンに{count}件</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>What this computer has</source>
        <translation>見つかった機材</translation>
    </message>
</context>
<context>
    <name>Forgetting</name>
    <message>
        <source>It knows the parent's text “{text}” better than before: {before} → {after} {unit} (less is better; {change}, 95 %: {low} to {high}).</source>
        <translation>親の文章「{text}」を前よりよく知っています：{before} → {after} {unit}（小さいほど良い。差{change}、95 %で{low}〜{high}）。</translation>
    </message>
    <message>
        <source>It has forgotten some of the parent's text “{text}”: {before} → {after} {unit} (less is better; {change}, 95 %: {low} to {high}). {remedy}</source>
        <translation>親の文章「{text}」を少し忘れました：{before} → {after} {unit}（小さいほど良い。差{change}、95 %で{low}〜{high}）。{remedy}</translation>
    </message>
    <message>
        <source>Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} {unit}, and the change of {change} is within the noise (95 %: {low} to {high}).</source>
        <translation>親の文章「{text}」を忘れたかどうかは分かりません：{before} → {after} {unit}で、差{change}は誤差の範囲です（95 %で{low}〜{high}）。</translation>
    </message>
    <message>
        <source>Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} {unit}, but so little of it was held out that chance cannot be told from a change.</source>
        <translation>親の文章「{text}」を忘れたかどうかは分かりません：{before} → {after} {unit}ですが、取り分けた文が少なすぎて、偶然と変化を見分けられません。</translation>
    </message>
    <message>
        <source>bits per byte on unseen text</source>
        <translation>ビット/バイト（見せていない文）</translation>
    </message>
    <message>
        <source>bits per byte on whole unseen conversations, the questions too, read as plain text (its figure of answers alone is another measure)</source>
        <translation>ビット/バイト（見せていない会話を、質問も含めて普通の文として読んだ値。答えだけの成績とは別のものさしです）</translation>
    </message>
    <message>
        <source>pseudo bits per byte on unseen text, each token hidden in turn</source>
        <translation>疑似ビット/バイト（見せていない文で、トークンを一つずつ隠した値）</translation>
    </message>
    <message>
        <source>Replay keeps more of it.</source>
        <translation>「復習」を使うと、忘れにくくなります。</translation>
    </message>
    <message>
        <source>A lower learning rate or fewer steps keep more of it.</source>
        <translation>学習率を下げるか、ステップを減らすと、忘れにくくなります。</translation>
    </message>
</context>
<context>
    <name>ForgettingCard</name>
    <message>
        <source>unseen text of “{text}”</source>
        <translation>「{text}」の見せていない文</translation>
    </message>
    <message>
        <source>whole unseen conversations of “{text}”</source>
        <translation>「{text}」の見せていない会話の全体</translation>
    </message>
    <message>
        <source>It is measured again when the training ends.</source>
        <translation>学習が終わると、もう一度測ります。</translation>
    </message>
    <message>
        <source>Does it still know the old text?</source>
        <translation>前の文章を、まだおぼえているか</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>bits/byte</source>
        <translation>bits/byte</translation>
    </message>
    <message>
        <source>pseudo bits/byte</source>
        <translation>疑似ビット/バイト</translation>
    </message>
    <message>
        <source>better</source>
        <translation>良くなった</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>変わらず</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>悪くなった</translation>
    </message>
    <message>
        <source>The difference, and where it lies with 95 % certainty. An interval over the line tells nothing.</source>
        <translation>差と、それが95 %の確かさで入る範囲です。線をまたぐ範囲からは、何も言えません。</translation>
    </message>
    <message>
        <source>knows it better</source>
        <translation>前よりよく知っている</translation>
    </message>
    <message>
        <source>has forgotten some</source>
        <translation>少し忘れた</translation>
    </message>
    <message>
        <source>cannot be told</source>
        <translation>分からない</translation>
    </message>
</context>
<context>
    <name>FormChoices</name>
    <message>
        <source>{name} · {count} chars</source>
        <translation>{name} · {count}字</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>{s} s</source>
        <translation>{s}秒</translation>
    </message>
    <message>
        <source>{m} min</source>
        <translation>{m}分</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h}時間{m}分</translation>
    </message>
    <message>
        <source>{y} years</source>
        <translation>{y}年</translation>
    </message>
    <message>
        <source>{d} d {h} h</source>
        <translation>{d}日{h}時間</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m}分{s}秒</translation>
    </message>
</context>
<context>
    <name>Forms</name>
    <message>
        <source>auto</source>
        <translation>自動</translation>
    </message>
</context>
<context>
    <name>GapChart</name>
    <message>
        <source>gap</source>
        <translation>差</translation>
    </message>
    <message>
        <source>memorises</source>
        <translation>丸暗記</translation>
    </message>
    <message>
        <source>memorises a little</source>
        <translation>少し丸暗記ぎみ</translation>
    </message>
    <message>
        <source>has not read enough yet</source>
        <translation>まだ読み足りない</translation>
    </message>
    <message>
        <source>learns well</source>
        <translation>よく学べている</translation>
    </message>
    <message>
        <source>Measure a version to see whether it has learned or only memorised.</source>
        <translation>版を測ると、学んだのか、丸暗記しただけなのかがわかります。</translation>
    </message>
    <message>
        <source>gap {value}</source>
        <translation>差 {value}</translation>
    </message>
</context>
<context>
    <name>GuessCard</name>
    <message>
        <source>Guess and check</source>
        <translation>あてっこ</translation>
    </message>
    <message>
        <source>each hidden in turn</source>
        <translation>一つずつ隠して</translation>
    </message>
    <message>
        <source>unseen text</source>
        <translation>見せていない文</translation>
    </message>
    <message>
        <source>Unseen sentence, shaded by probability</source>
        <translation>確率で濃淡をつけた、見せていない文</translation>
    </message>
    <message>
        <source>The stronger the colour, the surer was the model of this token before it saw it. Click one.</source>
        <translation>色が濃いほど、見る前から自信があったトークンです。押すと予想が見られます。</translation>
    </message>
    <message>
        <source>The first guesses come when training begins.</source>
        <translation>学習が始まると、最初の予想が出ます。</translation>
    </message>
    <message>
        <source>{share} % right</source>
        <translation>あたり {share} %</translation>
    </message>
    <message>
        <source>far off</source>
        <translation>大はずれ</translation>
    </message>
    <message>
        <source>True: {true}. Guesses: {guesses}</source>
        <translation>正解：{true}　予想：{guesses}</translation>
    </message>
</context>
<context>
    <name>GuidePanel</name>
    <message>
        <source>Guide</source>
        <translation>ガイド</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>ガイドを閉じる</translation>
    </message>
    <message>
        <source>Words used here</source>
        <translation>ことばの意味</translation>
    </message>
</context>
<context>
    <name>HardwareFinder</name>
    <message>
        <source>none found</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>使えます</translation>
    </message>
    <message>
        <source>the processor does the work</source>
        <translation>CPUで計算します</translation>
    </message>
    <message>
        <source>{count} cores</source>
        <translation>{count}コア</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>測定ずみ</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>まだ測っていません</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>メモリ</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>空き {size}</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>保存先</translation>
    </message>
    <message>
        <source>This computer can raise models of up to &lt;b&gt;{size}&lt;/b&gt; parameters from nothing.</source>
        <translation>このパソコンなら、ゼロから&lt;b&gt;{size}&lt;/b&gt;パラメータのモデルまで育てられます。</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>Nothing is lost: it only takes longer.</source>
        <translation>失われるものはありません。時間が長くかかるだけです。</translation>
    </message>
    <message>
        <source>Stop and save now: the best state is kept. More text, or fewer passes, would help.</source>
        <translation>「止めて保存」を押しても、いちばんよい状態が残ります。文章を足すか、読む回数を減らすとよくなります。</translation>
    </message>
    <message>
        <source>When it is worse {count} tests in a row, it stops by itself; the best state is kept. More text, or fewer passes, would help.</source>
        <translation>{count}回続けて悪ければ、自動で止まり、いちばんよい状態を残します。文章を足すか、読む回数を減らすとよくなります。</translation>
    </message>
    <message>
        <source>The loss rises instead of falling: the training is running away.</source>
        <translation>損失が下がらずに上がっています。学習が暴走しかけています。</translation>
    </message>
    <message>
        <source>If it goes on like this, the run goes back to a good state by itself and learns on with half the learning rate.</source>
        <translation>このまま続くときは、自動でよい状態まで戻り、学習率を半分にして学習を続けます。</translation>
    </message>
    <message>
        <source>The learning rate seems too high: what one step learns, the next one spoils.</source>
        <translation>学習率が高すぎるようです。一回で学んだことを、次の一回でこわしています。</translation>
    </message>
    <message>
        <source>Towards its end the rate falls and the loss gets better. For the next run choose half the learning rate.</source>
        <translation>終わりに近づくと学習率が下がり、損失はよくなります。次は学習率を半分にしてみてください。</translation>
    </message>
    <message>
        <source>It hardly learns: the loss is almost where it began.</source>
        <translation>ほとんど学べていません。損失が始めのころとほぼ同じです。</translation>
    </message>
    <message>
        <source>Stop it and choose a higher learning rate.</source>
        <translation>いったん止めて、学習率を上げてください。</translation>
    </message>
    <message>
        <source>It begins to learn the text by heart: on unseen text it is {percent} % worse than at step {step}.</source>
        <translation>丸暗記が始まっています。見せていない文での損失が、{step}回めより{percent} %悪くなりました。</translation>
    </message>
    <message>
        <source>On unseen text it is {percent} % worse than at step {step}, though it has not read the text once yet: the learning rate is too high for what it knew.</source>
        <translation>文章をまだ一度も読み終えていないのに、見せていない文での成績がステップ{step}より{percent} %悪くなっています：すでに知っていることに対して、学習率が高すぎます。</translation>
    </message>
    <message>
        <source>Stop and save now: the best state is kept. For the next run choose half the learning rate, or fewer steps.</source>
        <translation>今ここで止めて保存してください。最もよい状態が残ります。次は学習率を半分にするか、ステップを減らしてください。</translation>
    </message>
    <message>
        <source>The text is small for this model: read again and again ({passes} times), it helps with unseen text less and less.</source>
        <translation>このモデルには文章が少なすぎます。くり返し（{passes}回）読んでも、見せていない文の力になりにくくなっています。</translation>
    </message>
    <message>
        <source>Add more text, or choose a smaller model.</source>
        <translation>文章を足すか、小さいモデルを選んでください。</translation>
    </message>
    <message>
        <source>The loss on unseen text has hardly fallen for {count} tests.</source>
        <translation>見せていない文での損失が、{count}回のテストでほとんど下がっていません。</translation>
    </message>
    <message>
        <source>Stop and save now: the best state is kept. More text or a larger model would take it further.</source>
        <translation>「止めて保存」を押しても、いちばんよい状態が残ります。文章を足すか、モデルを大きくすると、もっと伸びます。</translation>
    </message>
    <message>
        <source>It went wrong at step {step}, went back to step {to} and learns on with a smaller learning rate.</source>
        <translation>{step}回めで学習がくずれたので、{to}回めまで戻り、学習率を下げて学習を続けています。</translation>
    </message>
    <message>
        <source>There is nothing to do. For the next run choose half the learning rate.</source>
        <translation>このままでかまいません。次は学習率を半分にしてみてください。</translation>
    </message>
    <message>
        <source>It trains at {percent} % of its usual speed: another program keeps the processor busy.</source>
        <translation>速さがふだんの{percent} %に落ちています。ほかのプログラムがプロセッサーを使っています。</translation>
    </message>
    <message>
        <source>It trains at {percent} % of its usual speed: memory is short, and the disk stands in for it.</source>
        <translation>速さがふだんの{percent} %に落ちています。メモリーが足りず、ディスクで代用しています。</translation>
    </message>
    <message>
        <source>Close other programs. For the next run choose a smaller micro-batch or a smaller model.</source>
        <translation>ほかのプログラムを閉じてください。次はマイクロバッチかモデルを小さくしてみてください。</translation>
    </message>
    <message>
        <source>It trains at {percent} % of its usual speed: the computer is hot and slows itself down.</source>
        <translation>速さがふだんの{percent} %に落ちています。パソコンが熱くなり、自分で速度を落としています。</translation>
    </message>
    <message>
        <source>Give it air, or let it take its time: nothing is lost.</source>
        <translation>風通しをよくするか、そのまま待ってください。失われるものはありません。</translation>
    </message>
    <message>
        <source>It trains at {percent} % of its usual speed.</source>
        <translation>速さがふだんの{percent} %に落ちています。</translation>
    </message>
    <message>
        <source>The computer is hot and slows itself down.</source>
        <translation>パソコンが熱くなり、自分で速度を落としています。</translation>
    </message>
    <message>
        <source>It learns well: the loss on unseen text keeps falling.</source>
        <translation>よく学べています。見せていない文での損失が下がり続けています。</translation>
    </message>
    <message>
        <source>Let it go on.</source>
        <translation>このまま続けましょう。</translation>
    </message>
    <message>
        <source>At the end the loss rose instead of falling: the training ran away.</source>
        <translation>最後は損失が下がらずに上がりました。学習が暴走しました。</translation>
    </message>
    <message>
        <source>For the next run choose half the learning rate.</source>
        <translation>次は学習率を半分にしてみてください。</translation>
    </message>
    <message>
        <source>The learning rate was too high at first: what one step learnt, the next one spoilt.</source>
        <translation>はじめの学習率が高すぎました。一回で学んだことを、次の一回でこわしていました。</translation>
    </message>
    <message>
        <source>It hardly learnt: the loss stayed almost where it began.</source>
        <translation>ほとんど学べませんでした。損失が始めのころとほぼ同じです。</translation>
    </message>
    <message>
        <source>For the next run choose a higher learning rate.</source>
        <translation>次は学習率を上げてみてください。</translation>
    </message>
    <message>
        <source>It began to learn the text by heart: on unseen text it became {percent} % worse than at step {step}, whose state is published.</source>
        <translation>途中で丸暗記が始まり、見せていない文での損失が{step}回めより{percent} %悪くなりました。版にしたのは、悪くなる前のその状態です。</translation>
    </message>
    <message>
        <source>For the next run: more text, fewer passes or a smaller model.</source>
        <translation>次は、文章を足すか、読む回数を減らすか、モデルを小さくしてみてください。</translation>
    </message>
    <message>
        <source>Before it had read the text once, it became {percent} % worse on unseen text than at step {step}, whose state is published: the learning rate was too high for what it knew.</source>
        <translation>文章を一度読み終える前に、見せていない文での成績がステップ{step}より{percent} %悪くなりました（公開したのはそのステップの状態です）：すでに知っていることに対して、学習率が高すぎました。</translation>
    </message>
    <message>
        <source>For the next run choose half the learning rate, or fewer steps.</source>
        <translation>次は学習率を半分にするか、ステップを減らしてください。</translation>
    </message>
    <message>
        <source>For the last {count} tests the loss on unseen text hardly fell.</source>
        <translation>最後の{count}回のテストでは、見せていない文での損失がほとんど下がりませんでした。</translation>
    </message>
    <message>
        <source>More text or a larger model would take it further.</source>
        <translation>文章を足すか、モデルを大きくすると、もっと伸びます。</translation>
    </message>
    <message>
        <source>It went wrong at step {step}, went back to step {to} and learnt on with a smaller learning rate.</source>
        <translation>{step}回めで学習がくずれたので、{to}回めまで戻り、学習率を下げて学習を続けました。</translation>
    </message>
    <message>
        <source>It learnt well: the loss on unseen text fell to the end.</source>
        <translation>よく学べました。見せていない文での損失は最後まで下がりました。</translation>
    </message>
    <message>
        <source>With more time it would become better still.</source>
        <translation>もっと時間をかけると、さらによくなります。</translation>
    </message>
    <message>
        <source>The loss on what it learns has hardly fallen for {count} tests.</source>
        <translation>学んでいる文での損失が、{count}回のテストのあいだほとんど下がっていません。</translation>
    </message>
    <message>
        <source>For the last {count} tests the loss on what it learnt hardly fell.</source>
        <translation>最後の{count}回のテストでは、学んだ文での損失がほとんど下がりませんでした。</translation>
    </message>
    <message>
        <source>It learns well: the loss on what it learns keeps falling. Nothing was held out, so nobody can tell how it does elsewhere.</source>
        <translation>順調に学んでいます：学んでいる文での損失が下がり続けています。取り分けた文がないので、ほかの文での出来は分かりません。</translation>
    </message>
    <message>
        <source>It learnt well: the loss on what it learnt fell to the end. Nothing was held out, so nobody can tell how it does elsewhere.</source>
        <translation>よく学びました：学んだ文での損失が最後まで下がりました。取り分けた文がないので、ほかの文での出来は分かりません。</translation>
    </message>
</context>
<context>
    <name>HealthCard</name>
    <message>
        <source>{count} more</source>
        <translation>ほか{count}件</translation>
    </message>
    <message>
        <source>All is well</source>
        <translation>順調です</translation>
    </message>
    <message>
        <source>Worth knowing</source>
        <translation>お知らせ</translation>
    </message>
    <message>
        <source>This happened</source>
        <translation>できごと</translation>
    </message>
    <message>
        <source>Watch out</source>
        <translation>ご注意</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>問題です</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>{step}回目</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import a model</source>
        <translation>モデルを取りこむ</translation>
    </message>
    <message>
        <source>It gets a place on the shelf: evaluate it, chat with it, specialise it. Weights are only read; no program inside a model folder is ever run.</source>
        <translation>本棚にならび、評価・会話・特化ができます。重みは読むだけで、モデルのフォルダにあるプログラムを動かすことはありません。</translation>
    </message>
    <message>
        <source>A folder from Hugging Face</source>
        <translation>Hugging Faceのフォルダ</translation>
    </message>
    <message>
        <source>config.json, safetensors, tokenizer.json</source>
        <translation>config.json、safetensors、tokenizer.json</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>GGUF, or safetensors with its config.json beside it</source>
        <translation>GGUF、またはconfig.jsonがとなりにあるsafetensors</translation>
    </message>
    <message>
        <source>From the Hugging Face hub</source>
        <translation>Hugging Face Hubから</translation>
    </message>
    <message>
        <source>the only thing here that uses the network</source>
        <translation>ここだけがインターネットを使います</translation>
    </message>
    <message>
        <source>Name on the hub, such as owner/model</source>
        <translation>Hubでの名前（持ち主/モデル）</translation>
    </message>
    <message>
        <source>Terakoya then asks huggingface.co for this model's files, and for nothing else. A broken download goes on where it stopped.</source>
        <translation>寺子屋はhuggingface.coに、このモデルのファイルだけをたのみます。途切れたダウンロードは、止まったところから続きます。</translation>
    </message>
    <message>
        <source>Yes, download it</source>
        <translation>はい、ダウンロードします</translation>
    </message>
    <message>
        <source>Name on the shelf</source>
        <translation>本棚での名前</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>取りこむ</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>モデルのフォルダ</translation>
    </message>
    <message>
        <source>File of the model</source>
        <translation>モデルのファイル</translation>
    </message>
    <message>
        <source>Choose where the model comes from.</source>
        <translation>どこから取りこむかを選んでください。</translation>
    </message>
    <message>
        <source>Write the name as it stands on the hub: owner/model.</source>
        <translation>Hubにあるとおりの名前を書いてください：持ち主/モデル。</translation>
    </message>
    <message>
        <source>Nothing is downloaded before you agree: tick the box.</source>
        <translation>同意されるまで何もダウンロードしません。チェックを入れてください。</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Candidates for this blank</source>
        <translation>この空欄の候補</translation>
    </message>
    <message>
        <source>Candidates for this token</source>
        <translation>このトークンの候補</translation>
    </message>
    <message>
        <source>Write again from here</source>
        <translation>ここから書きなおす</translation>
    </message>
    <message>
        <source>Manner of writing</source>
        <translation>書きぶり</translation>
    </message>
    <message>
        <source>Back to the usual values</source>
        <translation>ふつうの値にもどす</translation>
    </message>
    <message>
        <source>firm</source>
        <translation>手がたい</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>ふつう</translation>
    </message>
    <message>
        <source>free</source>
        <translation>自由</translation>
    </message>
    <message>
        <source>Daring</source>
        <translation>思いきり</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>候補のはば</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>候補の数</translation>
    </message>
    <message>
        <source>Avoid repeating</source>
        <translation>くり返しをおさえる</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>くじの種</translation>
    </message>
    <message>
        <source>Draw another seed</source>
        <translation>種を引きなおす</translation>
    </message>
    <message>
        <source>Click a word that was filled in to see what else might stand there.</source>
        <translation>うめられたことばを押すと、そこに入るかもしれないほかの候補が見られます。</translation>
    </message>
    <message>
        <source>Click a token in an answer to see what else it might have said there.</source>
        <translation>答えの中のトークンを押すと、そこに来たかもしれないほかの候補が見られます。</translation>
    </message>
    <message>
        <source>after “{text}”</source>
        <translation>直前：「{text}」</translation>
    </message>
    <message>
        <source>Guess no. {rank} · surprise {bits} bits</source>
        <translation>{rank}番目の候補 · 驚き {bits} ビット</translation>
    </message>
    <message>
        <source>others</source>
        <translation>ほか</translation>
    </message>
</context>
<context>
    <name>Keeper</name>
    <message>
        <source>“{name}” is half read: go on reading, or discard that, and rename then</source>
        <translation>「{name}」は読みかけです。続きを読むか、読みかけを捨ててから名前を変えてください</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>名前を変える</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>新しい名前</translation>
    </message>
    <message>
        <source>“{name}” is in the trash</source>
        <translation>「{name}」をごみ箱に移しました</translation>
    </message>
    <message>
        <source>Licence of “{name}”</source>
        <translation>「{name}」の利用条件</translation>
    </message>
    <message>
        <source>For example CC BY 4.0, public domain, or our own. It is noted in every version trained on it.</source>
        <translation>たとえば CC BY 4.0、パブリックドメイン、自分の文章。これで学習したバージョンすべてに記されます。</translation>
    </message>
</context>
<context>
    <name>LaboratoryDialog</name>
    <message>
        <source>Tokenizer laboratory of “{name}”</source>
        <translation>「{name}」のトークナイザー実験室</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比べる</translation>
    </message>
    <message>
        <source>Size of vocabulary</source>
        <translation>語彙数</translation>
    </message>
    <message>
        <source>Frequent tokens</source>
        <translation>よく出るトークン</translation>
    </message>
    <message>
        <source>Most frequent tokens of this corpus</source>
        <translation>このコーパスでよく出るトークン</translation>
    </message>
    <message>
        <source>Counted with the tokenizer that is in use. ␣ is a space, ⏎ the end of a line, ⇥ a tab, □ a wide space.</source>
        <translation>使用中のトークナイザーで数えました。␣ は空白、⏎ は行の終わり、⇥ はタブ、□ は全角の空白です。</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>番号</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>回数</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>割合</translation>
    </message>
    <message>
        <source>Bytes per token against the size of the vocabulary</source>
        <translation>語彙数に対する一トークンあたりのバイト数</translation>
    </message>
    <message>
        <source>A tokenizer.json</source>
        <translation>tokenizer.json</translation>
    </message>
    <message>
        <source>{name} · vocabulary {vocabulary}</source>
        <translation>{name} · 語彙 {vocabulary}</translation>
    </message>
    <message>
        <source>There is no other yet</source>
        <translation>ほかにはまだありません</translation>
    </message>
    <message>
        <source>This kind has a vocabulary of its own size.</source>
        <translation>この種類の語彙数は決まっています。</translation>
    </message>
    <message>
        <source>Being measured…</source>
        <translation>測っています…</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日本語</translation>
    </message>
    <message>
        <source>A model reads and writes tokens. Fewer tokens for the same text make it faster and let it see further; a large vocabulary needs more weights and text.</source>
        <translation>モデルはトークンを読み書きします。同じ文が少ないトークンで済むほど速く、遠くまで見えます。語彙が多いと、重みも文章も多く要ります。</translation>
    </message>
    <message>
        <source>Not measured yet: choose the kind again to measure it.</source>
        <translation>まだ測っていません。種類をもう一度選ぶと測ります。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英語</translation>
    </message>
    <message>
        <source>Bytes per token on text to train on that it was not made from; more is better. Where the curve is flat a larger vocabulary gains little. A click takes a size.</source>
        <translation>作るのに使わなかった学習用テキストでの、一トークンあたりのバイト数。多いほどよく、平らなところでは語彙を増やしても得がありません。点をクリックするとその語彙数を選びます。</translation>
    </message>
</context>
<context>
    <name>LaboratoryForm</name>
    <message>
        <source>BPE</source>
        <translation>BPE</translation>
    </message>
    <message>
        <source>Unigram</source>
        <translation>ユニグラム</translation>
    </message>
    <message>
        <source>joins frequent neighbours</source>
        <translation>よく並ぶ文字をつなぐ</translation>
    </message>
    <message>
        <source>the likeliest pieces</source>
        <translation>いちばんありそうな切れ目</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>one token for each character</source>
        <translation>一文字を一トークンに</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>バイト</translation>
    </message>
    <message>
        <source>256 tokens, nothing unknown</source>
        <translation>256 種類。知らない字がない</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙数</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>試す</translation>
    </message>
    <message>
        <source>One that is there…</source>
        <translation>すでにあるもの…</translation>
    </message>
    <message>
        <source>Import tokenizer.json…</source>
        <translation>tokenizer.json を取り込む…</translation>
    </message>
</context>
<context>
    <name>LaboratoryWork</name>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Cancelled: nothing has changed.</source>
        <translation>キャンセルしました。変更はありません。</translation>
    </message>
    <message>
        <source>Reading text…</source>
        <translation>テキストを読んでいます…</translation>
    </message>
    <message>
        <source>Counting words…</source>
        <translation>語を数えています…</translation>
    </message>
    <message>
        <source>Learning…</source>
        <translation>学習しています…</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>測っています…</translation>
    </message>
    <message>
        <source>Counting tokens…</source>
        <translation>トークンを数えています…</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>準備しています…</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <source>Japanese</source>
        <translation>日本語</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英語</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中国語</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>韓国語</translation>
    </message>
    <message>
        <source>German</source>
        <translation>ドイツ語</translation>
    </message>
    <message>
        <source>French</source>
        <translation>フランス語</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>スペイン語</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>イタリア語</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>ポルトガル語</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>オランダ語</translation>
    </message>
    <message>
        <source>Latin</source>
        <translation>ラテン語</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>ロシア語</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>混在</translation>
    </message>
    <message>
        <source>other</source>
        <translation>ほか</translation>
    </message>
    <message>
        <source>code</source>
        <translation>コード</translation>
    </message>
    <message>
        <source>{language} {share}</source>
        <translation>{language} {share}</translation>
    </message>
    <message>
        <source>{one}, {others}</source>
        <translation>{one}、{others}</translation>
    </message>
</context>
<context>
    <name>LargeDialog</name>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>LearnChoice</name>
    <message>
        <source>Without the lessons there is nothing to learn from: this corpus holds nothing of the kind.</source>
        <translation>レッスンがないと、学ぶものがありません。このコーパスには、その種類の文章がありません。</translation>
    </message>
    <message>
        <source>its own</source>
        <translation>この版のもの</translation>
    </message>
    <message>
        <source>ChatML</source>
        <translation>ChatML</translation>
    </message>
    <message>
        <source>plain</source>
        <translation>ふつうの文</translation>
    </message>
    <message>
        <source>Template ({kind}), what is learnt in bold:</source>
        <translation>会話の書式（{kind}）。太字が学ぶところ：</translation>
    </message>
    <message>
        <source>What is it to learn?</source>
        <translation>何を学ばせる？</translation>
    </message>
    <message>
        <source>With which weights?</source>
        <translation>どの重みで？</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Do not forget: 10 % of its old text</source>
        <translation>忘れない：10 %は前の文章</translation>
    </message>
    <message>
        <source>Mixes text that it was raised with into the new one, so that less is lost. The share can be set in the Expert settings.</source>
        <translation>育ったときの文章を新しい文章に混ぜ、忘れにくくします。割合は「くわしい設定」で変えられます。</translation>
    </message>
    <message>
        <source>Own text</source>
        <translation>自分の文章</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>好み</translation>
    </message>
    <message>
        <source>1 lesson from the chat</source>
        <translation>会話からのレッスン1件</translation>
    </message>
    <message>
        <source>{count} lessons from the chat</source>
        <translation>会話からのレッスン{count}件</translation>
    </message>
    <message>
        <source>What you corrected and praised in the chat with this version</source>
        <translation>この版との会話で、直したりほめたりしたもの</translation>
    </message>
    <message>
        <source>It practises filling in blanks in the text of the corpus.</source>
        <translation>コーパスの文章で、空欄うめを練習します。</translation>
    </message>
    <message>
        <source>It takes on the style of the corpus.</source>
        <translation>コーパスの文体を身につけます。</translation>
    </message>
    <message>
        <source>This version fills in blanks; it cannot hold a conversation.</source>
        <translation>この版は空欄をうめるもので、会話はできません。</translation>
    </message>
    <message>
        <source>This corpus holds no conversations.</source>
        <translation>このコーパスには会話がありません。</translation>
    </message>
    <message>
        <source>It learns to answer from {count} conversations; only the answers count.</source>
        <translation>{count}件の会話から答え方を学びます。数えるのは答えだけです。</translation>
    </message>
    <message>
        <source>This corpus holds no pairs of a better and a worse answer.</source>
        <translation>このコーパスには、よい答えとよくない答えの組がありません。</translation>
    </message>
    <message>
        <source>It learns from {count} pairs which answer is better.</source>
        <translation>{count}組から、どちらの答えがよいかを学びます。</translation>
    </message>
    <message>
        <source>The corpus holds no conversations and no pairs of answers.</source>
        <translation>コーパスには会話も答えの組もありません。</translation>
    </message>
    <message>
        <source>Small matrices learn beside the weights, which stay as they are: needs little memory.</source>
        <translation>重みはそのままに、横に置いた小さな行列が学びます。メモリはわずかですみます。</translation>
    </message>
    <message>
        <source>Every weight may change: learns most, forgets more.</source>
        <translation>すべての重みが変われます。いちばん学び、そのぶん忘れます。</translation>
    </message>
</context>
<context>
    <name>LengthHistogram</name>
    <message>
        <source>comes when the texts are read</source>
        <translation>読みおわると表示します</translation>
    </message>
</context>
<context>
    <name>LengthPicker</name>
    <message>
        <source>Minutes</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>周回</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>The app chooses size, batch and steps for this time</source>
        <translation>この時間に合う大きさ、バッチ、ステップ数をアプリが選びます</translation>
    </message>
    <message>
        <source>How often the whole text is read</source>
        <translation>文章全体を読む回数</translation>
    </message>
    <message>
        <source>How many times the weights are changed</source>
        <translation>重みを直す回数</translation>
    </message>
    <message>
        <source>How long</source>
        <translation>かける時間</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>読む回数</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>周</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>くり返す回数</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>回</translation>
    </message>
</context>
<context>
    <name>LessonsCard</name>
    <message>
        <source>Lessons</source>
        <translation>レッスン</translation>
    </message>
    <message>
        <source>{corrected} corrected, {good} good, {bad} bad: they become &lt;b&gt;the next edition's lessons&lt;/b&gt;.</source>
        <translation>直した{corrected}件、よい{good}件、よくない{bad}件。&lt;b&gt;次の版のレッスン&lt;/b&gt;になります。</translation>
    </message>
    <message>
        <source>Train with them</source>
        <translation>これで学習する</translation>
    </message>
</context>
<context>
    <name>Lineage</name>
    <message>
        <source>from elsewhere</source>
        <translation>よそから</translation>
    </message>
    <message>
        <source>not on the shelf</source>
        <translation>本棚にない</translation>
    </message>
    <message>
        <source>continued</source>
        <translation>続き</translation>
    </message>
    <message>
        <source>fine-tuned</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>統合</translation>
    </message>
    <message>
        <source>distilled</source>
        <translation>蒸留</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>取込</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>長い</translation>
    </message>
    <message>
        <source>compared</source>
        <translation>比較</translation>
    </message>
    <message>
        <source>repeated</source>
        <translation>再現</translation>
    </message>
    <message>
        <source>{share} % of pairs right</source>
        <translation>組の{share} %で正解</translation>
    </message>
</context>
<context>
    <name>LongerDialog</name>
    <message>
        <source>Train “{name}” longer</source>
        <translation>「{name}」をもっと学習する</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>周回</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>学習を始める</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>A new edition goes on from the state in which this one began its cool-down, with the same settings. This one stays as it is.</source>
        <translation>この版が仕上げに入る前の状態から、同じ設定で新しい版の学習を続けます。この版はそのまま残ります。</translation>
    </message>
    <message>
        <source>Name of the new edition</source>
        <translation>新しい版の名前</translation>
    </message>
    <message>
        <source>Measured in</source>
        <translation>単位</translation>
    </message>
    <message>
        <source>Time that it may take</source>
        <translation>かける時間（分）</translation>
    </message>
    <message>
        <source>More passes</source>
        <translation>追加する周回</translation>
    </message>
    <message>
        <source>More steps</source>
        <translation>追加する回数</translation>
    </message>
    <message>
        <source>Say how much longer: a number above zero.</source>
        <translation>どれだけ続けるか、0より大きい数で入れてください。</translation>
    </message>
</context>
<context>
    <name>LossCard</name>
    <message>
        <source>{count} steps to go</source>
        <translation>このさき {count}回</translation>
    </message>
    <message>
        <source>best {value}</source>
        <translation>最良 {value}</translation>
    </message>
    <message>
        <source>bits/byte</source>
        <translation>bits/byte</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>Bits for each byte of text: comparable between all models. Lower is better.</source>
        <translation>文章1バイトあたりのビット数。どのモデルともくらべられます。小さいほど良い値です。</translation>
    </message>
    <message>
        <source>pseudo bits/byte</source>
        <translation>疑似ビット/バイト</translation>
    </message>
    <message>
        <source>Bits for each byte when each token is hidden in turn: comparable between models that fill in blanks. Lower is better.</source>
        <translation>トークンを一つずつ隠したときの、1バイトあたりのビット数です。空欄をうめるモデルどうしでくらべられます。小さいほど良い数字です。</translation>
    </message>
    <message>
        <source>Nats for each token. Lower is better.</source>
        <translation>1トークンあたりの損失（ナット）。小さいほど良い値です。</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>等間隔</translation>
    </message>
    <message>
        <source>log</source>
        <translation>対数</translation>
    </message>
    <message>
        <source>Loss curve</source>
        <translation>損失のグラフ</translation>
    </message>
    <message>
        <source>gzip</source>
        <translation>gzip</translation>
    </message>
    <message>
        <source>counting words only</source>
        <translation>出現回数だけで予想</translation>
    </message>
    <message>
        <source>{name}: {value}</source>
        <translation>{name}：{value}</translation>
    </message>
    <message>
        <source>training (smoothed)</source>
        <translation>学習（ならし）</translation>
    </message>
    <message>
        <source>unseen text</source>
        <translation>見せていない文</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最良</translation>
    </message>
    <message>
        <source>test on what it learns</source>
        <translation>学んでいる文でのテスト</translation>
    </message>
    <message>
        <source>Step {step}: training {smooth}, raw {raw}</source>
        <translation>{step}回め：学習（ならし） {smooth}、もとの値 {raw}</translation>
    </message>
</context>
<context>
    <name>MappingDialog</name>
    <message>
        <source>How “{name}” is read</source>
        <translation>「{name}」の読み方</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>発言</translation>
    </message>
    <message>
        <source>One example, as the model will see it</source>
        <translation>モデルから見た一例</translation>
    </message>
    <message>
        <source>In colour: what is learnt. Grey: what is only read.</source>
        <translation>色つき: 学ぶところ　灰: 読むだけのところ</translation>
    </message>
    <message>
        <source>What cannot be read so</source>
        <translation>この読み方では読めないもの</translation>
    </message>
    <message>
        <source>Read it like this</source>
        <translation>この読み方で読む</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Choose a column for each of them, and an example appears here.</source>
        <translation>それぞれの列を選ぶと、ここに例が出ます。</translation>
    </message>
    <message>
        <source>{count} rows</source>
        <translation>{count} 行</translation>
    </message>
    <message>
        <source>more than {count} rows</source>
        <translation>{count} 行以上</translation>
    </message>
    <message>
        <source>Recognised: {shape}</source>
        <translation>形式: {shape}</translation>
    </message>
    <message>
        <source>No known form of conversations: text</source>
        <translation>会話の形式ではなく、文章です</translation>
    </message>
    <message>
        <source>There is no row to show.</source>
        <translation>見せられる行がありません。</translation>
    </message>
    <message>
        <source>user</source>
        <translation>ユーザー</translation>
    </message>
    <message>
        <source>assistant</source>
        <translation>アシスタント</translation>
    </message>
    <message>
        <source>system</source>
        <translation>システム</translation>
    </message>
    <message>
        <source>better answer</source>
        <translation>よい回答</translation>
    </message>
    <message>
        <source>worse answer</source>
        <translation>悪い回答</translation>
    </message>
    <message>
        <source>tool</source>
        <translation>ツール</translation>
    </message>
    <message>
        <source>prompt and completion</source>
        <translation>指示と続き</translation>
    </message>
    <message>
        <source>question and answer</source>
        <translation>質問と回答</translation>
    </message>
    <message>
        <source>question with choices</source>
        <translation>選択肢つきの質問</translation>
    </message>
    <message>
        <source>dialogue, turn by turn</source>
        <translation>対話（発言ごと）</translation>
    </message>
</context>
<context>
    <name>MappingForm</name>
    <message>
        <source>The file holds</source>
        <translation>ファイルの中身</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文章</translation>
    </message>
    <message>
        <source>Questions and answers</source>
        <translation>質問と回答</translation>
    </message>
    <message>
        <source>What is recognised by itself</source>
        <translation>自動で見分けたもの</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Better and worse answers</source>
        <translation>よい回答と悪い回答</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>本文</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>質問</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Text to the question</source>
        <translation>質問に添える文章</translation>
    </message>
    <message>
        <source>Instruction to the model</source>
        <translation>モデルへの指示</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>発言の列</translation>
    </message>
    <message>
        <source>Better answer</source>
        <translation>よい回答</translation>
    </message>
    <message>
        <source>Worse answer</source>
        <translation>悪い回答</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>題名</translation>
    </message>
</context>
<context>
    <name>MiniCards</name>
    <message>
        <source>Learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>Size of the change after each step. It rises, stays, and falls at the end.</source>
        <translation>1回ごとに重みを変える大きさ。はじめに上がり、しばらく保ち、終わりに下がります。</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速さ</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>トークン/秒</translation>
    </message>
    <message>
        <source>Tokens read each second. Higher is better.</source>
        <translation>1秒間に読むトークンの数。大きいほど速く進みます。</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>勾配の大きさ</translation>
    </message>
    <message>
        <source>How strongly the text pulls at the weights. Spikes are surprises; a rise that stays is trouble.</source>
        <translation>文章が重みを引っぱる強さ。とがった山は驚いたしるしです。上がったままなら、うまくいっていません。</translation>
    </message>
</context>
<context>
    <name>MixtureChoice</name>
    <message>
        <source>Read another corpus too</source>
        <translation>ほかのコーパスも読む</translation>
    </message>
    <message>
        <source>Several corpora are read as one text. The tokenizer is the first one's.</source>
        <translation>複数のコーパスを一つの文章として読みます。トークナイザーは最初のコーパスのものです。</translation>
    </message>
    <message>
        <source>Corpus {number}</source>
        <translation>コーパス {number}</translation>
    </message>
    <message>
        <source>How often it counts: 2× is read twice as often as the first corpus, ½× half as often</source>
        <translation>重み: 2× は最初のコーパスの 2 倍、½× は半分の回数だけ読みます</translation>
    </message>
    <message>
        <source>Do not read it</source>
        <translation>読むのをやめる</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Size</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>Model size</source>
        <translation>モデルの大きさ</translation>
    </message>
    <message>
        <source>Number of parameters: the weights that learn</source>
        <translation>パラメータ（学習で変わる重み）の数</translation>
    </message>
    <message>
        <source>tiny</source>
        <translation>ごく小</translation>
    </message>
    <message>
        <source>small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>中</translation>
    </message>
    <message>
        <source>large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>Let the app choose the size</source>
        <translation>大きさをアプリに任せる</translation>
    </message>
    <message>
        <source>A token is</source>
        <translation>トークンとは</translation>
    </message>
    <message>
        <source>a piece</source>
        <translation>かけら</translation>
    </message>
    <message>
        <source>a character</source>
        <translation>一文字</translation>
    </message>
    <message>
        <source>A frequent piece of a word, learnt from the text</source>
        <translation>文章から学んだ、よく出ることばのかけら</translation>
    </message>
    <message>
        <source>A single character: a small table and long sequences, good for experiments</source>
        <translation>一文字ずつ：小さな表と長い列。実験に向きます</translation>
    </message>
    <message>
        <source>By the dial</source>
        <translation>つまみで選ぶ</translation>
    </message>
    <message>
        <source>School size</source>
        <translation>学校サイズ</translation>
    </message>
    <message>
        <source>Minutes on a processor</source>
        <translation>CPU だけでも数分で学習できます</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>“{name}” waits: the disk is full</source>
        <translation>「{name}」は待っています：ディスクがいっぱいです</translation>
    </message>
    <message>
        <source>Free some space: it goes on by itself, and nothing is lost.</source>
        <translation>空きを作ると、自動で続きます。何も失われません。</translation>
    </message>
    <message>
        <source>The training of “{name}” has stopped</source>
        <translation>「{name}」の学習が止まりました</translation>
    </message>
    <message>
        <source>“{name}” is on the shelf</source>
        <translation>「{name}」が棚に並びました</translation>
    </message>
    <message>
        <source>The training has ended.</source>
        <translation>学習が終わりました。</translation>
    </message>
    <message>
        <source>The training has ended: {bits} bits per byte on unseen text.</source>
        <translation>学習が終わりました。見せていない文で {bits} ビット/バイトです。</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>This is not a whole number.</source>
        <translation>整数ではありません。</translation>
    </message>
    <message>
        <source>This is not a number.</source>
        <translation>数ではありません。</translation>
    </message>
    <message>
        <source>From {low} to {high}.</source>
        <translation>{low}から{high}まで。</translation>
    </message>
    <message>
        <source>At least {low}.</source>
        <translation>{low}以上。</translation>
    </message>
    <message>
        <source>At most {high}.</source>
        <translation>{high}以下。</translation>
    </message>
    <message>
        <source>auto {value}</source>
        <translation>自動 {value}</translation>
    </message>
</context>
<context>
    <name>OpeningsCard</name>
    <message>
        <source>The same opening, side by side</source>
        <translation>同じ書き出しで、くらべる</translation>
    </message>
    <message>
        <source>How shall it begin?</source>
        <translation>どう書き出しますか？</translation>
    </message>
    <message>
        <source>Opening that every version continues</source>
        <translation>どの版にも続きを書かせる書き出し</translation>
    </message>
    <message>
        <source>Draw again with another seed</source>
        <translation>別の種で引きなおす</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>書かせる</translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>The shape of the parent version is kept.</source>
        <translation>もとの版の形を引きつぎます。</translation>
    </message>
    <message>
        <source>You chose the size.</source>
        <translation>あなたが選んだ大きさです。</translation>
    </message>
    <message>
        <source>Size by the amount of text: two parameters a token.</source>
        <translation>文章の量で決めた大きさです（1トークンにつき2パラメータ）。</translation>
    </message>
    <message>
        <source>In this time the machine can read about {tokens} tokens ({passes} passes); this size is predicted to learn most from them.</source>
        <translation>この時間で約{tokens}トークン（{passes}周）を読めます。そこから最も多くを学べる見込みの大きさです。</translation>
    </message>
    <message>
        <source>It ends before the time is over, after {passes} passes: reading more often brings little.</source>
        <translation>時間が余るので、{passes}周で終わります：くり返し読んでも、あまり良くなりません。</translation>
    </message>
    <message>
        <source>One step takes about {step} here, but the whole time is {whole}: choose a smaller batch, a shorter context or a smaller model.</source>
        <translation>ここでは1ステップに約{step}かかりますが、全体の時間は{whole}です。バッチを小さく、文脈を短く、またはモデルを小さくしてください。</translation>
    </message>
    <message>
        <source>This takes about {time}, longer than the {whole} that you gave it.</source>
        <translation>約{time}かかる見込みで、指定した{whole}より長くなります。</translation>
    </message>
    <message>
        <source>About {needed} of memory would be needed and {limit} can be used: choose a smaller model or a shorter context.</source>
        <translation>メモリが約 {needed} 必要ですが、使えるのは {limit} です。モデルを小さくするか、文脈を短くしてください。</translation>
    </message>
    <message>
        <source>Checkpoints and the version would take about {needed} of the disk, but {free} are free: make room, or choose a smaller model.</source>
        <translation>チェックポイントとバージョンでディスクが約 {needed} 必要ですが、空きは {free} です。空きを作るか、モデルを小さくしてください。</translation>
    </message>
    <message>
        <source>In a model as small as this an adapter learns far less than all weights do in the same time: choose all weights, unless the file is to stay small or the parent to remember all it knows.</source>
        <translation>このように小さなモデルでは、同じ時間でアダプターが学べる量は、すべての重みよりずっと少なくなります。ファイルを小さく保ちたいとき、親の覚えていることを残したいとき以外は、すべての重みを選んでください。</translation>
    </message>
    <message>
        <source>The context of {context} tokens is longer than the unseen text ({tokens}): it is never tested in full.</source>
        <translation>文脈 {context} トークンが未学習テキスト（{tokens}）より長いので、端から端までのテストはできません。</translation>
    </message>
    <message>
        <source>The warm-up of {warmup} steps is as long as the whole training here ({steps} steps).</source>
        <translation>ウォームアップ {warmup} ステップが、ここでの学習全体（{steps} ステップ）と同じ長さになってしまいます。</translation>
    </message>
    <message>
        <source>To save memory, {micro} of the {batch} windows are computed at a time.</source>
        <translation>メモリを節約するため、{batch} 窓のうち {micro} 窓ずつ計算します。</translation>
    </message>
    <message>
        <source>To save memory, intermediate results are computed twice instead of kept.</source>
        <translation>メモリを節約するため、途中の結果は取っておかずに計算しなおします。</translation>
    </message>
    <message>
        <source>To save memory, the frozen base is kept in int8.</source>
        <translation>メモリをおさえるため、凍結した土台をint8でもちます。</translation>
    </message>
    <message>
        <source>To save memory, the optimiser remembers in bf16.</source>
        <translation>メモリを節約するため、最適化手法の記憶を bf16 で持ちます。</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count}秒</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count}分</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count}時間</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count}日</translation>
    </message>
    <message>
        <source>{count} years</source>
        <translation>{count}年</translation>
    </message>
    <message>
        <source>The sizes follow the teacher “{teacher}”.</source>
        <translation>大きさは先生「{teacher}」に合わせます。</translation>
    </message>
    <message>
        <source>{name} {count} passes</source>
        <translation>{name} {count} 回</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>ほか {count} 件</translation>
    </message>
    <message>
        <source>{one} · {two}</source>
        <translation>{one} · {two}</translation>
    </message>
    <message>
        <source>{name} and {count} more</source>
        <translation>{name} ほか {count} 件</translation>
    </message>
    <message>
        <source>{name} is read {count} times: beyond about four passes of the same text little is learned from it, and it is learned by heart. Give it a smaller weight, or train shorter.</source>
        <translation>「{name}」は {count} 回読まれます。同じ文章を 4 回ほどより多く読んでも、得るものは少なく、丸暗記になります。重みを小さくするか、学習を短くしてください。</translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message>
        <source>Parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>メモリ</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間の見込み</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>電力の見込み</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>読む量</translation>
    </message>
    <message>
        <source>Choose a size that fits</source>
        <translation>収まる大きさにする</translation>
    </message>
    <message>
        <source>Take LoRA instead</source>
        <translation>かわりにLoRAを使う</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>約{time}</translation>
    </message>
    <message>
        <source>{count} times</source>
        <translation>{count}周</translation>
    </message>
    <message>
        <source>1 layer</source>
        <translation>1層</translation>
    </message>
    <message>
        <source>{count} layers</source>
        <translation>{count}層</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count}トークン</translation>
    </message>
    <message>
        <source>Estimated from the usual power of such a processor ({watts} W).</source>
        <translation>このようなプロセッサーの一般的な消費電力（{watts} W）からの推定です。</translation>
    </message>
    <message>
        <source>From the power that was measured here while training ({watts} W).</source>
        <translation>このパソコンで学習中に測った消費電力（{watts} W）から計算しました。</translation>
    </message>
    <message>
        <source>CO₂: about {co2}, cost: {cost}. Price and CO₂ of your electricity: see the settings.</source>
        <translation>CO₂は約{co2}、料金は{cost}です。電気の料金とCO₂は、設定で変えられます。</translation>
    </message>
</context>
<context>
    <name>PrecisionChoice</name>
    <message>
        <source>Weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>正確</translation>
    </message>
    <message>
        <source>fp32 weights, exactly as they were trained</source>
        <translation>fp32の重み（学習したまま）</translation>
    </message>
    <message>
        <source>fp32 weights: rounding them would gain too little or lose too much</source>
        <translation>fp32の重み（丸めても得るものが少ないか、失うものが多すぎます）</translation>
    </message>
    <message>
        <source>fp32 weights: what rounding them costs has not been measured</source>
        <translation>fp32の重み（丸めると何を失うかは、まだ測っていません）</translation>
    </message>
    <message>
        <source>{precision} weights</source>
        <translation>{precision}の重み</translation>
    </message>
    <message>
        <source>{precision} weights: {lost} bits/byte, {times}× faster</source>
        <translation>{precision}の重み：{lost} bits/byte、{times}倍の速さ</translation>
    </message>
</context>
<context>
    <name>PreviewCard</name>
    <message>
        <source>The encoding of some files in here is a guess.</source>
        <translation>この中のいくつかのファイルは、文字コードを推測しています。</translation>
    </message>
    <message>
        <source>Look at them</source>
        <translation>見る</translation>
    </message>
    <message>
        <source>{encoding} is a guess. Does the text read well?</source>
        <translation>{encoding} と推測しました。正しく読めますか？</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>ほかを選ぶ…</translation>
    </message>
    <message>
        <source>Shown as {encoding}</source>
        <translation>{encoding} として表示しています</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>文章を見る</translation>
    </message>
    <message>
        <source>Show tokens</source>
        <translation>トークンで色分け</translation>
    </message>
    <message>
        <source>Colour the pieces that the model reads; one colour is one token</source>
        <translation>モデルが読む切れはしを色分けします。色ひとつが1トークンです</translation>
    </message>
    <message>
        <source>A document by chance</source>
        <translation>文書をひとつ無作為に見る</translation>
    </message>
    <message>
        <source>Previous document</source>
        <translation>前の文書</translation>
    </message>
    <message>
        <source>Next document</source>
        <translation>次の文書</translation>
    </message>
    <message>
        <source>Preview of the text</source>
        <translation>文章の見本</translation>
    </message>
    <message>
        <source>Read again like this</source>
        <translation>これで読みなおす</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻す</translation>
    </message>
    <message>
        <source>{characters} characters → {tokens} tokens</source>
        <translation>{characters}文字 → {tokens}トークン</translation>
    </message>
    <message>
        <source>{ratio} characters per token</source>
        <translation>1トークン = {ratio}文字</translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation>{count}文字</translation>
    </message>
    <message>
        <source>red line</source>
        <translation>朱の線</translation>
    </message>
    <message>
        <source>removed by cleaning: {count}</source>
        <translation>お掃除で消える文字：{count}</translation>
    </message>
</context>
<context>
    <name>Previewer</name>
    <message>
        <source>Choose a line above to see its text.</source>
        <translation>上の行を選ぶと、その文章が見られます。</translation>
    </message>
    <message>
        <source>There is no file in this folder.</source>
        <translation>このフォルダにはファイルがありません。</translation>
    </message>
    <message>
        <source>The text is being opened…</source>
        <translation>文章を開いています…</translation>
    </message>
</context>
<context>
    <name>PupilChoice</name>
    <message>
        <source>Teacher</source>
        <translation>先生</translation>
    </message>
    <message>
        <source>Size of the pupil</source>
        <translation>生徒の大きさ</translation>
    </message>
    <message>
        <source>The teacher has a single layer: the pupil becomes narrower.</source>
        <translation>先生は一層だけなので、生徒は幅を細くします。</translation>
    </message>
    <message>
        <source>{few} of {all} layers, as wide as the teacher.</source>
        <translation>{all}層のうち{few}層、幅は先生と同じ。</translation>
    </message>
</context>
<context>
    <name>QueueCard</name>
    <message>
        <source>Waiting</source>
        <translation>順番待ち</translation>
    </message>
    <message>
        <source>One training works at a time; these follow in this order.</source>
        <translation>学習は一度に一つずつ進みます。このあと、この順に始まります。</translation>
    </message>
</context>
<context>
    <name>QueueLine</name>
    <message>
        <source>Show “{name}”</source>
        <translation>「{name}」を表示</translation>
    </message>
    <message>
        <source>Show “{name}”, number {position} in line</source>
        <translation>「{name}」を表示（{position}番目）</translation>
    </message>
    <message>
        <source>Move “{name}” up</source>
        <translation>「{name}」を前へ</translation>
    </message>
    <message>
        <source>Move “{name}” down</source>
        <translation>「{name}」を後ろへ</translation>
    </message>
    <message>
        <source>Take “{name}” out of the line; it is kept</source>
        <translation>「{name}」を順番待ちから外す（消えません）</translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation>{count}回</translation>
    </message>
    <message>
        <source>{count} passes</source>
        <translation>{count}周</translation>
    </message>
</context>
<context>
    <name>ReadingNews</name>
    <message>
        <source>This folder has not been read to its end. “Go on reading” goes on where it stopped.</source>
        <translation>このフォルダはまだ最後まで読んでいません。「続きを読みこむ」で、止めたところから続けます。</translation>
    </message>
</context>
<context>
    <name>ReadingWords</name>
    <message>
        <source>looking…</source>
        <translation>探しています…</translation>
    </message>
    <message>
        <source>cleaning…</source>
        <translation>お掃除中…</translation>
    </message>
    <message>
        <source>tokenizer…</source>
        <translation>語彙作り…</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>読みこみ中…</translation>
    </message>
    <message>
        <source>starting…</source>
        <translation>準備中…</translation>
    </message>
    <message>
        <source>Looking which files there are…</source>
        <translation>どんなファイルがあるか調べています…</translation>
    </message>
    <message>
        <source>The texts are cleaned and put together. They can be seen here soon.</source>
        <translation>文章をお掃除してまとめています。もうすぐここで見られます。</translation>
    </message>
    <message>
        <source>A tokenizer is learnt: it cuts the texts into the pieces that a model reads.</source>
        <translation>トークナイザーを作っています。文章を、モデルが読む切れはしに分けるものです。</translation>
    </message>
    <message>
        <source>The tokens are counted. The texts can be seen here in a moment.</source>
        <translation>トークンを数えています。まもなくここで文章を見られます。</translation>
    </message>
    <message>
        <source>Reading begins in a moment…</source>
        <translation>まもなく読みはじめます…</translation>
    </message>
    <message>
        <source>The texts are being read. They can be seen here when all are read.</source>
        <translation>文章を読みこんでいます。すべて読みおわると、ここで見られます。</translation>
    </message>
    <message>
        <source>File {number} of {count}</source>
        <translation>{count}件中{number}件目</translation>
    </message>
</context>
<context>
    <name>RealityCard</name>
    <message>
        <source>in the end</source>
        <translation>実際</translation>
    </message>
    <message>
        <source>as of now</source>
        <translation>見通し</translation>
    </message>
    <message>
        <source>Plan and reality</source>
        <translation>計画と実際</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>計画</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速さ</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>メモリ</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>電力</translation>
    </message>
    <message>
        <source>The whole run. The forecast is settled once it has trained for a minute.</source>
        <translation>学習全体の時間です。1分ほど学習すると見込みが定まります。</translation>
    </message>
    <message>
        <source>Tokens that it reads in a second</source>
        <translation>1秒に読むトークンの数です</translation>
    </message>
    <message>
        <source>The most that the training held at once</source>
        <translation>学習が同時に使ったメモリの最大です</translation>
    </message>
    <message>
        <source>{speed} tok/s</source>
        <translation>{speed} トークン/秒</translation>
    </message>
    <message>
        <source>not yet known</source>
        <translation>計測中</translation>
    </message>
    <message>
        <source>faster</source>
        <translation>速い</translation>
    </message>
    <message>
        <source>slower</source>
        <translation>遅い</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>長い</translation>
    </message>
    <message>
        <source>shorter</source>
        <translation>短い</translation>
    </message>
    <message>
        <source>more</source>
        <translation>多い</translation>
    </message>
    <message>
        <source>less</source>
        <translation>少ない</translation>
    </message>
    <message>
        <source>on plan</source>
        <translation>計画どおり</translation>
    </message>
    <message>
        <source>Measured by the GPU.</source>
        <translation>GPUが測った値です。</translation>
    </message>
    <message>
        <source>Measured by the processor.</source>
        <translation>プロセッサーが測った値です。</translation>
    </message>
    <message>
        <source>Estimated from the usual power: this computer cannot measure it.</source>
        <translation>このパソコンでは測れないため、一般的な消費電力からの推定です。</translation>
    </message>
    <message>
        <source>Until now: {energy}, {co2} of CO₂, {cost}.</source>
        <translation>これまでに{energy}、CO₂は{co2}、料金は{cost}です。</translation>
    </message>
    <message>
        <source>A step takes longer than when it was timed at the start; other programs may need the processor.</source>
        <translation>はじめに測ったときより1回が長くかかっています。ほかのアプリが動いているのかもしれません。</translation>
    </message>
    <message>
        <source>It holds more memory than was forecast. The next plan here counts with what was measured.</source>
        <translation>見込みより多くのメモリを使っています。次の計画では、ここで測った値を使います。</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>This training</source>
        <translation>この学習の設定</translation>
    </message>
    <message>
        <source>Locked while it trains</source>
        <translation>学習中は固定されています</translation>
    </message>
    <message>
        <source>Name of the new edition</source>
        <translation>新しい版の名前</translation>
    </message>
    <message>
        <source>Corpus to read</source>
        <translation>読ませる文章</translation>
    </message>
    <message>
        <source>Version to start from</source>
        <translation>もとにする版</translation>
    </message>
    <message>
        <source>Opening of the samples</source>
        <translation>試し書きの書き出し</translation>
    </message>
    <message>
        <source>taken from unseen text</source>
        <translation>見せていない文から取る</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>学習を始める</translation>
    </message>
    <message>
        <source>Plan another training</source>
        <translation>次の学習を予約</translation>
    </message>
    <message>
        <source>Show the whole plan</source>
        <translation>計画をすべて見る</translation>
    </message>
</context>
<context>
    <name>Reproducing</name>
    <message>
        <source>it ran on {was} then and on {now} now</source>
        <translation>前は{was}、今は{now}で計算しました</translation>
    </message>
    <message>
        <source>PyTorch was {was} then and is {now} now</source>
        <translation>前のPyTorchは{was}、今は{now}です</translation>
    </message>
    <message>
        <source>it went wrong on the way then and had to go back</source>
        <translation>前は途中で失敗し、やり直しがありました</translation>
    </message>
    <message>
        <source>several devices trained together then</source>
        <translation>前は複数の装置で学習しました</translation>
    </message>
    <message>
        <source>this GPU does not round sums in a fixed order</source>
        <translation>このGPUは、和を決まった順に丸めません</translation>
    </message>
    <message>
        <source>The repetition of “{name}” came to the same weights, bit for bit.</source>
        <translation>「{name}」の再現は、1ビットもちがわない同じ重みになりました。</translation>
    </message>
    <message>
        <source>The repetition of “{name}” differs by {share} of the weights, and nothing that is recorded says why.</source>
        <translation>「{name}」の再現は、重みの{share}だけちがいます。記録には理由が見つかりません。</translation>
    </message>
    <message>
        <source>The repetition of “{name}” differs by {share} of the weights: {reason}.</source>
        <translation>「{name}」の再現は、重みの{share}だけちがいます：{reason}。</translation>
    </message>
</context>
<context>
    <name>RowMenu</name>
    <message>
        <source>Show in folder</source>
        <translation>フォルダで表示</translation>
    </message>
    <message>
        <source>Counts in training</source>
        <translation>学習での重み</translation>
    </message>
    <message>
        <source>{factor} times</source>
        <translation>{factor}倍</translation>
    </message>
    <message>
        <source>once</source>
        <translation>1倍（そのまま）</translation>
    </message>
    <message>
        <source>Licence…</source>
        <translation>利用条件…</translation>
    </message>
    <message>
        <source>Take out of this corpus</source>
        <translation>このコーパスから外す</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>Go on</source>
        <translation>続ける</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>捨てる</translation>
    </message>
    <message>
        <source>“{name}” waits for room on the disk and goes on by itself when there is some.</source>
        <translation>「{name}」はディスクの空きを待っています。空きができたら自動で続けます。</translation>
    </message>
    <message>
        <source>“{name}” is paused; saved at step {step}.</source>
        <translation>「{name}」は一時停止中です。{step}回めで保存しました。</translation>
    </message>
    <message>
        <source>“{name}” has not begun yet.</source>
        <translation>「{name}」はまだ始まっていません。</translation>
    </message>
    <message>
        <source>The run is in the trash</source>
        <translation>実行をごみ箱に移しました</translation>
    </message>
    <message>
        <source>Copied. Read it through before you send it.</source>
        <translation>コピーしました。送る前に中身を確かめてください。</translation>
    </message>
</context>
<context>
    <name>RunHeader</name>
    <message>
        <source>waiting</source>
        <translation>順番待ち</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>準備中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>一時停止中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>取り消し</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>died</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>How it computes: {how}</source>
        <translation>計算のしかた：{how}</translation>
    </message>
    <message>
        <source>GPU not used</source>
        <translation>GPUは使っていません</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Training that is shown</source>
        <translation>表示している学習</translation>
    </message>
    <message>
        <source>Train longer…</source>
        <translation>もっと学習する…</translation>
    </message>
    <message>
        <source>A new edition that goes on where this one stood before its cool-down</source>
        <translation>仕上げに入る前の状態から続けて、新しい版をつくります</translation>
    </message>
    <message>
        <source>What a report of this fault needs, without your texts and names</source>
        <translation>不具合の報告に必要な情報です。文章や名前は入りません</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>コピーしました</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>診断情報をコピー</translation>
    </message>
</context>
<context>
    <name>SampleLine</name>
    <message>
        <source>Step {step}</source>
        <translation>{step}回め</translation>
    </message>
</context>
<context>
    <name>SamplesCard</name>
    <message>
        <source>What it fills in now</source>
        <translation>いまうめる空欄</translation>
    </message>
    <message>
        <source>What it writes now</source>
        <translation>いま書ける文</translation>
    </message>
    <message>
        <source>The first sample comes when training begins.</source>
        <translation>学習が始まると、最初の試し書きが出ます。</translation>
    </message>
    <message>
        <source>opening “{text}”</source>
        <translation>書き出し「{text}」</translation>
    </message>
    <message>
        <source>sheet “{text}”</source>
        <translation>紙「{text}」</translation>
    </message>
</context>
<context>
    <name>ScoreTable</name>
    <message>
        <source>Unseen text ↓</source>
        <translation>見せていない文 ↓</translation>
    </message>
    <message>
        <source>bits/byte</source>
        <translation>bits/byte</translation>
    </message>
    <message>
        <source>pseudo bits/byte</source>
        <translation>擬似ビット/バイト</translation>
    </message>
    <message>
        <source>Perplexity ↓</source>
        <translation>迷い ↓</translation>
    </message>
    <message>
        <source>Pseudo-perplexity ↓</source>
        <translation>擬似パープレキシティ ↓</translation>
    </message>
    <message>
        <source>choices</source>
        <translation>択</translation>
    </message>
    <message>
        <source>unseen, {unit}</source>
        <translation>見せていない文、{unit}</translation>
    </message>
    <message>
        <source>Seen text</source>
        <translation>見せた文</translation>
    </message>
    <message>
        <source>Blanks guessed ↑</source>
        <translation>当てた空欄 ↑</translation>
    </message>
    <message>
        <source>Speed ↑</source>
        <translation>速さ ↑</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>トークン/秒</translation>
    </message>
    <message>
        <source>it was trained on this</source>
        <translation>学習に使った文章です</translation>
    </message>
    <message>
        <source>pseudo: blanks</source>
        <translation>疑似：空欄</translation>
    </message>
    <message>
        <source>{share} % unknown, left out</source>
        <translation>{share} %は未知の文字（除外）</translation>
    </message>
</context>
<context>
    <name>Screens</name>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>評価</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Names</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Inside texts</source>
        <translation>本文</translation>
    </message>
    <message>
        <source>Sources whose name has these letters</source>
        <translation>名前にこの文字がある資料</translation>
    </message>
    <message>
        <source>Places where documents say this</source>
        <translation>文書の中でこのことばが出てくるところ</translation>
    </message>
    <message>
        <source>Search the sources</source>
        <translation>資料を検索</translation>
    </message>
    <message>
        <source>End the search</source>
        <translation>検索を終える</translation>
    </message>
    <message>
        <source>Search on</source>
        <translation>続きを探す</translation>
    </message>
    <message>
        <source>Words in the texts</source>
        <translation>本文のことば</translation>
    </message>
    <message>
        <source>Part of a name</source>
        <translation>名前の一部</translation>
    </message>
</context>
<context>
    <name>Searcher</name>
    <message>
        <source>{found} places</source>
        <translation>{found}か所</translation>
    </message>
    <message>
        <source>{found} places in {searched} of {total} texts</source>
        <translation>{total}件中{searched}件を調べて{found}か所</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Length of training</source>
        <translation>学習の長さ</translation>
    </message>
    <message>
        <source>Optimiser and schedule</source>
        <translation>最適化と学習率</translation>
    </message>
    <message>
        <source>Text and tokenizer</source>
        <translation>文章とトークナイザー</translation>
    </message>
    <message>
        <source>Watching and saving</source>
        <translation>見守りと保存</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Wall-clock time of the whole job, from its start to the published version.</source>
        <translation>始めてから版ができあがるまで、全部にかける時間です。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ数</translation>
    </message>
    <message>
        <source>Number of optimiser steps; each reads one batch.</source>
        <translation>重みを直す回数です。1回ごとに1バッチを読みます。</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>読む回数</translation>
    </message>
    <message>
        <source>How often the corpus is read. After about four passes little is gained.</source>
        <translation>コーパスを何周読むか。4周を過ぎると、得るものは少なくなります。</translation>
    </message>
    <message>
        <source>Model size</source>
        <translation>モデルの大きさ</translation>
    </message>
    <message>
        <source>Wanted number of parameters; depth and width grow together.</source>
        <translation>めざすパラメータ数。深さと幅がいっしょに大きくなります。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>層の数</translation>
    </message>
    <message>
        <source>Number of transformer blocks. Overrides what the size dial chose.</source>
        <translation>Transformerブロックの数。大きさのつまみで決まる値より優先します。</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Length of the vector that stands for a token; a multiple of the head size.</source>
        <translation>1トークンを表すベクトルの長さ。ヘッドの幅の倍数です。</translation>
    </message>
    <message>
        <source>Feed-forward width</source>
        <translation>フィードフォワードの幅</translation>
    </message>
    <message>
        <source>Head size</source>
        <translation>ヘッドの幅</translation>
    </message>
    <message>
        <source>Width of one attention head: 32 for small models, 64 or 128 for larger.</source>
        <translation>注意ヘッド1つの幅。小さなモデルは32、大きなモデルは64か128です。</translation>
    </message>
    <message>
        <source>Key/value heads</source>
        <translation>キー・バリューのヘッド数</translation>
    </message>
    <message>
        <source>Heads that keys and values have; fewer than query heads saves memory in chats.</source>
        <translation>キーとバリューがもつヘッドの数。クエリより少なくすると、会話で使うメモリを節約できます。</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>文脈の長さ</translation>
    </message>
    <message>
        <source>How many tokens the model sees at once.</source>
        <translation>モデルが一度に見るトークンの数です。</translation>
    </message>
    <message>
        <source>Tied embeddings</source>
        <translation>埋め込みの共有</translation>
    </message>
    <message>
        <source>Input and output share one table: saves memory, costs a little quality when small.</source>
        <translation>入力と出力で同じ表を使います。メモリは減りますが、小さなモデルでは少し質が下がります。</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>トークナイザー</translation>
    </message>
    <message>
        <source>What a token is: pieces of words learnt from the text, or single characters (a small table, long sequences; good for experiments).</source>
        <translation>1トークンを何にするか。文章から学んだ語のかけらか、1文字ずつか（表は小さく、列は長くなります。実験向き）。</translation>
    </message>
    <message>
        <source>pieces of words</source>
        <translation>語のかけら</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙の数</translation>
    </message>
    <message>
        <source>Number of different tokens. The app chooses by the size of the corpus.</source>
        <translation>トークンの種類の数。自動ではコーパスの大きさから決めます。</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>Windows of text for one optimiser step.</source>
        <translation>1ステップで読む文章の窓の数です。</translation>
    </message>
    <message>
        <source>Micro-batch</source>
        <translation>マイクロバッチ</translation>
    </message>
    <message>
        <source>Windows computed at once; smaller needs less memory, the result is the same.</source>
        <translation>一度に計算する窓の数。小さくするとメモリが減り、結果は変わりません。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>くじの種</translation>
    </message>
    <message>
        <source>The same seed, text and recipe give the same model on the same machine.</source>
        <translation>種、文章、レシピが同じなら、同じパソコンで同じモデルになります。</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>最適化手法</translation>
    </message>
    <message>
        <source>Muon for matrices with AdamW for the rest learns fastest; AdamW is the classic.</source>
        <translation>行列はMuon、ほかはAdamWが最も速く学びます。AdamWは定番です。</translation>
    </message>
    <message>
        <source>Muon + AdamW</source>
        <translation>Muon + AdamW</translation>
    </message>
    <message>
        <source>AdamW</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>Learning rate (matrices)</source>
        <translation>学習率（行列）</translation>
    </message>
    <message>
        <source>Size of a step for the weight matrices. Too high: the loss jumps; too low: it crawls.</source>
        <translation>重み行列を1回に動かす大きさ。高すぎると損失が跳ね、低すぎるとなかなか進みません。</translation>
    </message>
    <message>
        <source>Learning rate (embeddings)</source>
        <translation>学習率（埋め込み）</translation>
    </message>
    <message>
        <source>Size of a step for the token table.</source>
        <translation>トークンの表を1回に動かす大きさです。</translation>
    </message>
    <message>
        <source>Learning rate (output and norms)</source>
        <translation>学習率（出力と正規化）</translation>
    </message>
    <message>
        <source>Size of a step for the output layer and the norms.</source>
        <translation>出力層と正規化を1回に動かす大きさです。</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>重み減衰</translation>
    </message>
    <message>
        <source>Pulls matrices towards zero; helps when the same text is read many times. The app chooses 0.1 beyond four passes from scratch, else none.</source>
        <translation>行列をゼロへ引きよせます。同じ文章を何度も読むときに役立ちます。アプリは、ゼロからの学習で 4 周をこえるときは 0.1 を、そうでなければ 0 を選びます。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>モーメンタム</translation>
    </message>
    <message>
        <source>How much of the last direction is kept (Muon).</source>
        <translation>前の向きをどれだけ残すか（Muon）。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>Steps over which the learning rate rises from zero.</source>
        <translation>学習率を0から上げていくステップ数です。</translation>
    </message>
    <message>
        <source>Decay share</source>
        <translation>減衰の割合</translation>
    </message>
    <message>
        <source>Gradient clipping</source>
        <translation>勾配の上限</translation>
    </message>
    <message>
        <source>Longest gradient that is used as it is; 0 switches it off.</source>
        <translation>勾配がこれより長いと縮めます。0なら縮めません。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Number format of matrix products; auto measures which is faster here.</source>
        <translation>行列計算の数の形式。自動では、このパソコンで速いほうを測って選びます。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Specialising</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系統</translation>
    </message>
    <message>
        <source>Which published design the model has. Qwen3 is the modern default; the historic ones are as their papers describe them.</source>
        <translation>どの公表された設計にするか。Qwen3が現代の標準で、歴史的なものは論文のとおりです。</translation>
    </message>
    <message>
        <source>Qwen3</source>
        <translation>Qwen3</translation>
    </message>
    <message>
        <source>GPT-1</source>
        <translation>GPT-1</translation>
    </message>
    <message>
        <source>GPT-2</source>
        <translation>GPT-2</translation>
    </message>
    <message>
        <source>GPT-3</source>
        <translation>GPT-3</translation>
    </message>
    <message>
        <source>Llama</source>
        <translation>Llama</translation>
    </message>
    <message>
        <source>Mistral</source>
        <translation>Mistral</translation>
    </message>
    <message>
        <source>Qwen2</source>
        <translation>Qwen2</translation>
    </message>
    <message>
        <source>Gemma 3</source>
        <translation>Gemma 3</translation>
    </message>
    <message>
        <source>SmolLM3</source>
        <translation>SmolLM3</translation>
    </message>
    <message>
        <source>Mixtral (experts)</source>
        <translation>Mixtral（専門家）</translation>
    </message>
    <message>
        <source>Qwen3-MoE (experts)</source>
        <translation>Qwen3-MoE（専門家）</translation>
    </message>
    <message>
        <source>BERT</source>
        <translation>BERT</translation>
    </message>
    <message>
        <source>RoBERTa</source>
        <translation>RoBERTa</translation>
    </message>
    <message>
        <source>DistilBERT</source>
        <translation>DistilBERT</translation>
    </message>
    <message>
        <source>Inner width of each block's feed-forward layer: usually about three times the width where it has a gate (Qwen, Llama, Gemma), four times in GPT and BERT.</source>
        <translation>各ブロックのフィードフォワード層の内側の幅。ゲートのあるもの（Qwen、Llama、Gemma）ではふつう幅の約三倍、GPTとBERTでは四倍。</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>ヘッド</translation>
    </message>
    <message>
        <source>How many places a token looks at side by side; usually the width divided by the head size.</source>
        <translation>トークンが同時に見くらべる場所の数。ふつうは幅をヘッドの大きさで割ったもの。</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>専門家</translation>
    </message>
    <message>
        <source>Feed-forward networks of a sparse block; each token uses only a few of them.</source>
        <translation>疎なブロックのフィードフォワードの数。トークンはそのうちの少しだけを使います。</translation>
    </message>
    <message>
        <source>Experts a token</source>
        <translation>トークンあたりの専門家</translation>
    </message>
    <message>
        <source>How many experts compute for each token.</source>
        <translation>一つのトークンのために計算する専門家の数。</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>復習</translation>
    </message>
    <message>
        <source>Share of the reading that is the parent's own text again, so that less of it is forgotten.</source>
        <translation>読むもののうち、親の文章をもう一度読む割合。忘れにくくなります。</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>会話の書式</translation>
    </message>
    <message>
        <source>How turns of a conversation are written: automatic keeps the parent's own template, or takes ChatML.</source>
        <translation>会話の番の書き方。自動なら親の書式を受けつぎ、なければChatMLにします。</translation>
    </message>
    <message>
        <source>ChatML</source>
        <translation>ChatML</translation>
    </message>
    <message>
        <source>plain (“Q: … A: …”)</source>
        <translation>素朴（「Q: … A: …」）</translation>
    </message>
    <message>
        <source>Preference method</source>
        <translation>好みの学び方</translation>
    </message>
    <message>
        <source>DPO compares with the parent version; SimPO needs no reference and prefers by average likelihood.</source>
        <translation>DPOは親の版とくらべます。SimPOはくらべる相手がいらず、平均の確からしさで選びます。</translation>
    </message>
    <message>
        <source>DPO</source>
        <translation>DPO</translation>
    </message>
    <message>
        <source>SimPO (no reference)</source>
        <translation>SimPO（相手なし）</translation>
    </message>
    <message>
        <source>Beta</source>
        <translation>ベータ</translation>
    </message>
    <message>
        <source>How strongly preferences count: usually 0.1 for DPO, 2 for SimPO.</source>
        <translation>好みをどれだけ強くきかせるか。ふつうDPOは0.1、SimPOは2。</translation>
    </message>
    <message>
        <source>Margin (SimPO)</source>
        <translation>マージン（SimPO）</translation>
    </message>
    <message>
        <source>By how much the better answer is to be ahead, as a share of beta.</source>
        <translation>よい答えをどれだけ先に行かせるか。ベータに対する割合。</translation>
    </message>
    <message>
        <source>Temperature (distilling)</source>
        <translation>温度（蒸留）</translation>
    </message>
    <message>
        <source>Softens the teacher's probabilities, so that its second thoughts are learnt too.</source>
        <translation>先生の確率をやわらげ、二番目の考えも学べるようにします。</translation>
    </message>
    <message>
        <source>Weight of the teacher</source>
        <translation>先生の重み</translation>
    </message>
    <message>
        <source>Share of the teacher's probabilities in what is minimised; the rest is the text itself.</source>
        <translation>学ぶもののうち、先生の確率の割合。残りは文章そのもの。</translation>
    </message>
    <message>
        <source>Weight of hidden states</source>
        <translation>隠れ状態の重み</translation>
    </message>
    <message>
        <source>How much the directions of teacher's and pupil's hidden states are drawn together (both must be equally wide).</source>
        <translation>先生と生徒の隠れ状態の向きを、どれだけ近づけるか（幅が同じでなければなりません）。</translation>
    </message>
    <message>
        <source>Masked share</source>
        <translation>隠す割合</translation>
    </message>
    <message>
        <source>Share of the tokens that are to be guessed; of them 80 % are hidden, 10 % replaced, 10 % kept.</source>
        <translation>当てさせるトークンの割合。そのうち80 %を隠し、10 %を置きかえ、10 %はそのまま。</translation>
    </message>
    <message>
        <source>Masking</source>
        <translation>隠し方</translation>
    </message>
    <message>
        <source>Static hides the same tokens in each pass (BERT), dynamic draws anew each time (RoBERTa).</source>
        <translation>静的は周回ごとに同じところを隠し（BERT）、動的は毎回引きなおします（RoBERTa）。</translation>
    </message>
    <message>
        <source>as the family does</source>
        <translation>系統のとおり</translation>
    </message>
    <message>
        <source>static</source>
        <translation>静的</translation>
    </message>
    <message>
        <source>dynamic</source>
        <translation>動的</translation>
    </message>
    <message>
        <source>Next-sentence prediction</source>
        <translation>次の文の予測</translation>
    </message>
    <message>
        <source>Also learn whether the second half of a window follows the first (BERT does).</source>
        <translation>窓の後半が前半につづくかどうかも学びます（BERT）。</translation>
    </message>
    <message>
        <source>LoRA rank</source>
        <translation>LoRAのランク</translation>
    </message>
    <message>
        <source>Width of the small matrices that LoRA adds: more can learn more and needs more memory.</source>
        <translation>LoRAが加える小さな行列の幅。大きいほど多く学べますが、メモリがいります。</translation>
    </message>
    <message>
        <source>LoRA alpha</source>
        <translation>LoRAのアルファ</translation>
    </message>
    <message>
        <source>Scale of the change, alpha divided by rank; usually twice the rank.</source>
        <translation>変化の大きさ（アルファをランクで割ったもの）。ふつうはランクの二倍。</translation>
    </message>
    <message>
        <source>LoRA layers</source>
        <translation>LoRAの層</translation>
    </message>
    <message>
        <source>Which matrices get an adapter: all of every block, or those of attention only.</source>
        <translation>アダプターをつける行列：各ブロックのすべて、または注意だけ。</translation>
    </message>
    <message>
        <source>all linear layers</source>
        <translation>すべての線形層</translation>
    </message>
    <message>
        <source>attention only</source>
        <translation>注意だけ</translation>
    </message>
    <message>
        <source>LoRA: turn tokens</source>
        <translation>LoRA：番のトークン</translation>
    </message>
    <message>
        <source>Learn the tokens between turns too: a version that has never held a conversation does not know them, and its answers would not end.</source>
        <translation>会話の番を区切るトークンも学びます。会話をしたことのない版はこれを知らないので、学ばないと答えが終わりません。</translation>
    </message>
    <message>
        <source>DoRA</source>
        <translation>DoRA</translation>
    </message>
    <message>
        <source>Learn length and direction of the weights apart: a little better at low rank, somewhat slower.</source>
        <translation>重みの長さと向きを別々に学びます。低いランクで少し良く、少し遅くなります。</translation>
    </message>
    <message>
        <source>Precision of the frozen base</source>
        <translation>凍結した土台の精度</translation>
    </message>
    <message>
        <source>LoRA leaves the parent's weights as they are: int8 and int4 keep them in a fraction of the memory.</source>
        <translation>LoRAは親の重みを変えません。int8とint4なら、わずかなメモリでもてます。</translation>
    </message>
    <message>
        <source>fp32</source>
        <translation>fp32</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>int8</source>
        <translation>int8</translation>
    </message>
    <message>
        <source>int4 (CUDA)</source>
        <translation>int4（CUDA）</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>ドロップアウト</translation>
    </message>
    <message>
        <source>Share of the numbers inside the model that is left out by chance in each training step: helps when the same text is read many times (0.1 in GPT-1 and BERT).</source>
        <translation>学習の各ステップで、モデルの中の数値をランダムに外す割合。同じ文章を何度も読むときに役立ちます（GPT-1 と BERT では 0.1）。</translation>
    </message>
    <message>
        <source>Adam's β2</source>
        <translation>Adam の β2</translation>
    </message>
    <message>
        <source>How much AdamW remembers of how large slopes have been: 0.95 by default, 0.999 in BERT and GPT-1.</source>
        <translation>これまでの勾配の大きさを AdamW がどれだけ覚えておくか。標準は 0.95、BERT と GPT-1 では 0.999 です。</translation>
    </message>
    <message>
        <source>Adam's ε</source>
        <translation>Adam の ε</translation>
    </message>
    <message>
        <source>Added to what AdamW divides by, so that weights with hardly any slope move less; 1e-8 in most papers.</source>
        <translation>AdamW が割る数に足す値。勾配がほとんどない重みの動きを抑えます。多くの論文では 1e-8 です。</translation>
    </message>
    <message>
        <source>Last part of the steps, in which the learning rate falls.</source>
        <translation>学習率を下げていく、終わりのステップの割合。</translation>
    </message>
    <message>
        <source>Shape of the decay</source>
        <translation>減衰の形</translation>
    </message>
    <message>
        <source>How the learning rate falls: in a line, or along half a cosine wave, gently at first and at last (the GPTs, Llama).</source>
        <translation>学習率の下げ方。直線で下げるか、コサインの半波に沿って、はじめと終わりをゆるやかに下げるか（GPT や Llama）。</translation>
    </message>
    <message>
        <source>in a line</source>
        <translation>直線</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>コサイン</translation>
    </message>
    <message>
        <source>Decay to</source>
        <translation>減衰の下限</translation>
    </message>
    <message>
        <source>Share of the learning rate that is left at the end: 0 in most trainings, 0.1 in GPT-3 and Llama 2.</source>
        <translation>最後に残す学習率の割合。ふつうは 0、GPT-3 と Llama 2 では 0.1 です。</translation>
    </message>
    <message>
        <source>Compile</source>
        <translation>コンパイル</translation>
    </message>
    <message>
        <source>Translates the model into machine code first, which takes up to a minute; automatic: on a GPU, where the training is long enough and it is measured to be faster.</source>
        <translation>はじめにモデルを機械語に翻訳します（1分ほどかかります）。自動の場合は、GPUで学習が十分に長く、測ってみて速くなるときだけ使います。</translation>
    </message>
    <message>
        <source>on</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>off</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>Activation checkpointing</source>
        <translation>活性値の再計算</translation>
    </message>
    <message>
        <source>Computes each block twice instead of keeping its intermediate results: much less memory, about a third slower.</source>
        <translation>各ブロックの途中の結果を取っておかず、もう一度計算します。メモリはずっと少なくなり、3割ほど遅くなります。</translation>
    </message>
    <message>
        <source>Optimiser memory</source>
        <translation>最適化手法の記憶</translation>
    </message>
    <message>
        <source>Number format in which the optimiser remembers; bf16 halves its memory and is a little less exact.</source>
        <translation>最適化手法が覚えておく数の形式です。bf16 ならメモリが半分になり、わずかに粗くなります。</translation>
    </message>
    <message>
        <source>Tests on the way</source>
        <translation>途中のテスト</translation>
    </message>
    <message>
        <source>How often the model is tested on unseen text while it trains.</source>
        <translation>学習の途中で、見せていない文でテストする回数です。</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>チェックポイントの間隔</translation>
    </message>
    <message>
        <source>Longest time whose work a crash can cost.</source>
        <translation>急に止まったとき、失われる作業は長くてもこの時間分です。</translation>
    </message>
    <message>
        <source>Early stopping</source>
        <translation>早めの終了</translation>
    </message>
    <message>
        <source>Tests in a row that are clearly worse than the best, after which the run stops by itself and publishes the best; 0 switches it off.</source>
        <translation>最良よりはっきり悪いテストがこの回数続くと、自動で止まり、最良の状態を版にします。0にすると止まりません。</translation>
    </message>
    <message>
        <source>Disk for checkpoints</source>
        <translation>チェックポイント用のディスク</translation>
    </message>
    <message>
        <source>Older checkpoints go when all of them take more than this; unset: a tenth of the free disk. The newest, the best and the one before the decay always stay.</source>
        <translation>チェックポイント全体がこれを超えると、古いものから整理します。空欄なら、空き容量の 10 分の 1 までです。最新のもの、最も良かったもの、学習率が下がる前のものは必ず残ります。</translation>
    </message>
    <message>
        <source>Keep the best</source>
        <translation>最良を残す</translation>
    </message>
    <message>
        <source>Publish the state that was best on unseen text, not merely the last.</source>
        <translation>最後の状態ではなく、見せていない文で最も良かった状態を版にします。</translation>
    </message>
    <message>
        <source>Opening of the samples</source>
        <translation>試し書きの書き出し</translation>
    </message>
    <message>
        <source>Beginning that the model continues while it trains; empty: taken from unseen text.</source>
        <translation>学習中にモデルが続きを書く書き出し。空なら見せていない文から取ります。</translation>
    </message>
    <message>
        <source>Daring (temperature)</source>
        <translation>思いきり（温度）</translation>
    </message>
    <message>
        <source>Low: the likeliest words. High: surprising ones, and more mistakes.</source>
        <translation>低いと、いちばんありそうな言葉を選びます。高いと意外な言葉が増え、まちがいも増えます。</translation>
    </message>
    <message>
        <source>Range (top-p)</source>
        <translation>候補のはば（top-p）</translation>
    </message>
    <message>
        <source>Choose among the likeliest tokens that together have this probability.</source>
        <translation>ありそうな順に、確率の合計がこの値になるまでのトークンから選びます。</translation>
    </message>
    <message>
        <source>Choices (top-k)</source>
        <translation>候補の数（top-k）</translation>
    </message>
    <message>
        <source>Choose among this many likeliest tokens; 0 means all.</source>
        <translation>ありそうな順に、この数のトークンから選びます。0なら全部です。</translation>
    </message>
    <message>
        <source>Avoid repeating</source>
        <translation>くり返しをおさえる</translation>
    </message>
    <message>
        <source>Makes tokens less likely that were just written; 1 means not at all.</source>
        <translation>書いたばかりのトークンを選ばれにくくします。1なら何もしません。</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>長さ</translation>
    </message>
    <message>
        <source>Most tokens of one answer.</source>
        <translation>ひとつの答えのトークン数の上限です。</translation>
    </message>
    <message>
        <source>The same seed gives the same answer again.</source>
        <translation>同じ種なら、同じ答えがもう一度出ます。</translation>
    </message>
    <message>
        <source>Automatic rounds the weights where that is faster and loses less than 0.005 bits per byte on unseen text. Exact takes the weights as they were trained.</source>
        <translation>自動では、速くなり、未見の文での損失の増えが1バイトあたり0.005ビット未満のときだけ、重みを丸めます。正確では、学習したままの重みを使います。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Exact (fp32)</source>
        <translation>正確（fp32）</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>料金</translation>
    </message>
    <message>
        <source>What a kilowatt-hour costs you, in your currency; your bill says it. Set at first: 31 yen, the guide price for households in Japan (Home Appliances Fair Trade Conference, 2022).</source>
        <translation>1 kWhの料金です。検針票で確かめられます。初期値の31円は家庭の目安単価です（全国家庭電気製品公正取引協議会、2022年）。</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>通貨</translation>
    </message>
    <message>
        <source>Three letters, such as JPY, USD or EUR.</source>
        <translation>JPY、USD、EURのような3文字です。</translation>
    </message>
    <message>
        <source>CO₂ of the electricity</source>
        <translation>電気のCO₂</translation>
    </message>
    <message>
        <source>Grams of CO₂ for a kilowatt-hour; your supplier says it. Set at first: 473, the world's average of 2024 (Ember, Global Electricity Review 2025).</source>
        <translation>1 kWhあたりのCO₂（グラム）です。電力会社が公表しています。初期値の473は2024年の世界平均です（Ember, Global Electricity Review 2025）。</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Look and language</source>
        <translation>見た目と言語</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>作業</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>テーマ</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字の大きさ</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>くわしさ</translation>
    </message>
    <message>
        <source>When the window is closed while training</source>
        <translation>学習中にウィンドウを閉じるとき</translation>
    </message>
    <message>
        <source>Tell of a training's end when the window is elsewhere</source>
        <translation>ほかの作業中に学習が終わったら知らせる</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>明るい</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>暗い</translation>
    </message>
    <message>
        <source>Plain</source>
        <translation>やさしい</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>くわしい</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>たずねる</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>学習を続ける</translation>
    </message>
    <message>
        <source>Save and stop</source>
        <translation>保存して止める</translation>
    </message>
    <message>
        <source>Everything is kept in</source>
        <translation>すべての置き場所</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>ひらく</translation>
    </message>
    <message>
        <source>To report a fault</source>
        <translation>不具合を報告するとき</translation>
    </message>
    <message>
        <source>What a report needs of this program and computer, without your texts and names</source>
        <translation>報告に必要な、このアプリとパソコンの情報です。文章や名前は入りません</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>ごみ箱</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Empty the trash…</source>
        <translation>空にする…</translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation>ごみ箱は空です。</translation>
    </message>
    <message>
        <source>What</source>
        <translation>もの</translation>
    </message>
    <message>
        <source>When</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>Nothing is lost</source>
        <translation>なくなりません</translation>
    </message>
    <message>
        <source>What you remove goes to the trash and stays there until you empty it.</source>
        <translation>削除したものはごみ箱に入り、空にするまで残ります。</translation>
    </message>
    <message>
        <source>Your files</source>
        <translation>あなたのファイル</translation>
    </message>
    <message>
        <source>Corpora, versions, runs and chats are plain files in one folder. You can copy it to another computer.</source>
        <translation>コーパス、版、実行、会話は、ひとつのフォルダの中のふつうのファイルです。ほかのパソコンへそのまま写せます。</translation>
    </message>
    <message>
        <source>Copied. Read it through before you send it.</source>
        <translation>コピーしました。送る前に中身を確かめてください。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>コピーしました</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>診断情報をコピー</translation>
    </message>
    <message>
        <source>It is back</source>
        <translation>元に戻しました</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>ごみ箱を空にする</translation>
    </message>
    <message>
        <source>{count} things ({size}) are deleted for good. This cannot be undone.</source>
        <translation>{count}件（{size}）を完全に削除します。元には戻せません。</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>完全に削除</translation>
    </message>
</context>
<context>
    <name>Several</name>
    <message>
        <source>{count} chosen</source>
        <translation>{count}個を選択</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Data sheet: {name}</source>
        <translation>データシート: {name}</translation>
    </message>
    <message>
        <source>Written by Terakoya from what it knows of this text, in the sections of Gebru et al. 2018 for which there are facts. State of the text: `{state}`</source>
        <translation>Terakoya が知っていることから書いたものです。項目は Gebru ほか (2018) にならい、事実のあるものだけを載せています。テキストの状態: `{state}`</translation>
    </message>
    <message>
        <source>{count}, of {raw} that were read</source>
        <translation>{count}（読んだのは {raw}）</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字数</translation>
    </message>
    <message>
        <source>Bytes (UTF-8)</source>
        <translation>バイト数（UTF-8）</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Median length</source>
        <translation>長さの中央値</translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation>{count} 字</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Pairs of a better and a worse answer</source>
        <translation>よい回答と悪い回答の組</translation>
    </message>
    <message>
        <source>Composition</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>{count} ({vocabulary} in the vocabulary, {bytes} bytes each)</source>
        <translation>{count}（語彙 {vocabulary}、一つ {bytes} バイト）</translation>
    </message>
    <message>
        <source>{read} of {all}</source>
        <translation>{all}件中{read}件</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>資料</translation>
    </message>
    <message>
        <source>Licence noted</source>
        <translation>ライセンスの覚え書き</translation>
    </message>
    <message>
        <source>Files read</source>
        <translation>読んだファイル</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Encodings</source>
        <translation>文字コード</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>And {count} more sources.</source>
        <translation>ほかに資料 {count} 件。</translation>
    </message>
    <message>
        <source>Of {count} files the encoding is a guess.</source>
        <translation>{count} 件のファイルの文字コードは推測です。</translation>
    </message>
    <message>
        <source>Files that the user chose on one computer.</source>
        <translation>利用者が一台のコンピュータで選んだファイル。</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>集め方</translation>
    </message>
    <message>
        <source>not noted</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Files that were skipped:</source>
        <translation>読まなかったファイル:</translation>
    </message>
    <message>
        <source>Files that were read in part or with a remark:</source>
        <translation>一部だけ読んだ、または注意のあるファイル:</translation>
    </message>
    <message>
        <source>no reason known</source>
        <translation>理由は不明</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>分け方</translation>
    </message>
    <message>
        <source>Nothing is held out.</source>
        <translation>取り分けたテキストはありません。</translation>
    </message>
    <message>
        <source>{train} texts to train on, {heldout} kept unseen ({share} of the bytes; asked for {asked} %).</source>
        <translation>学習用 {train} 件、未学習 {heldout} 件（バイト数の {share}。指定は {asked} %）。</translation>
    </message>
    <message>
        <source>Split by document, by a hash of the text; near copies stand on one side.</source>
        <translation>文書ごとに、テキストのハッシュで分けました。似たものは同じ側に置きます。</translation>
    </message>
    <message>
        <source>Split in blocks of about {count} characters, by a hash of the text; near copies stand on one side.</source>
        <translation>約 {count} 字のかたまりごとに、テキストのハッシュで分けました。似たものは同じ側に置きます。</translation>
    </message>
    <message>
        <source>Licences that the user noted: {licences}.</source>
        <translation>利用者が書き留めたライセンス: {licences}。</translation>
    </message>
    <message>
        <source>Sources without a noted licence: {count}.</source>
        <translation>ライセンスの覚え書きのない資料: {count} 件。</translation>
    </message>
    <message>
        <source>Whether the text, or a model of it, may be passed on depends on the rights in every source.</source>
        <translation>テキストやそのモデルを人に渡してよいかは、すべての資料の権利によります。</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>配布</translation>
    </message>
    <message>
        <source>First read</source>
        <translation>最初に読んだ日</translation>
    </message>
    <message>
        <source>Last read</source>
        <translation>最後に読んだ日</translation>
    </message>
    <message>
        <source>Fingerprint of the texts</source>
        <translation>テキストの指紋</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>コーパス</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>トークナイザー</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>テキスト</translation>
    </message>
    <message>
        <source>To train on</source>
        <translation>学習用</translation>
    </message>
    <message>
        <source>Kept unseen</source>
        <translation>未学習</translation>
    </message>
    <message>
        <source>The corpus has been read again since, so only what the texts themselves tell is said.</source>
        <translation>このコーパスはその後読み直されたため、テキストそのものから分かることだけを書いています。</translation>
    </message>
    <message>
        <source>Frames of Project Gutenberg</source>
        <translation>Project Gutenberg の前書き・後書き</translation>
    </message>
    <message>
        <source>Readings (ruby) of Aozora Bunko</source>
        <translation>青空文庫のルビ</translation>
    </message>
    <message>
        <source>Notes and colophons of Aozora Bunko</source>
        <translation>青空文庫の注記と奥付</translation>
    </message>
    <message>
        <source>Menus and footers of pages</source>
        <translation>ページのメニューやフッター</translation>
    </message>
    <message>
        <source>Page numbers, running heads and hyphens of PDFs</source>
        <translation>PDF のページ番号・柱・ハイフン</translation>
    </message>
    <message>
        <source>Control characters</source>
        <translation>制御文字</translation>
    </message>
    <message>
        <source>Wrongly decoded text</source>
        <translation>文字化け</translation>
    </message>
    <message>
        <source>Unicode normal form</source>
        <translation>Unicode 正規化</translation>
    </message>
    <message>
        <source>Personal data</source>
        <translation>個人情報</translation>
    </message>
    <message>
        <source>Shortest document</source>
        <translation>最短の文書</translation>
    </message>
    <message>
        <source>Languages that are kept</source>
        <translation>残す言語</translation>
    </message>
    <message>
        <source>Exact copies</source>
        <translation>同じ文書</translation>
    </message>
    <message>
        <source>Near copies</source>
        <translation>ほぼ同じ文書</translation>
    </message>
    <message>
        <source>Repeated paragraphs</source>
        <translation>くり返される段落</translation>
    </message>
    <message>
        <source>mail addresses</source>
        <translation>メールアドレス</translation>
    </message>
    <message>
        <source>phone numbers</source>
        <translation>電話番号</translation>
    </message>
    <message>
        <source>postal codes</source>
        <translation>郵便番号</translation>
    </message>
    <message>
        <source>My Number</source>
        <translation>マイナンバー</translation>
    </message>
    <message>
        <source>card numbers</source>
        <translation>カード番号</translation>
    </message>
    <message>
        <source>IP addresses</source>
        <translation>IPアドレス</translation>
    </message>
    <message>
        <source>on</source>
        <translation>する</translation>
    </message>
    <message>
        <source>off</source>
        <translation>しない</translation>
    </message>
    <message>
        <source>all</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>What reading does</source>
        <translation>読むときにすること</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Taken out or changed</source>
        <translation>除いた・変えた量</translation>
    </message>
    <message>
        <source>Copies that were left out: {exact} exact, {near} near.</source>
        <translation>除いた重複: 同じもの {exact} 件、ほぼ同じもの {near} 件。</translation>
    </message>
    <message>
        <source>The files themselves were not touched.</source>
        <translation>元のファイルには手を加えていません。</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>整形</translation>
    </message>
    <message>
        <source>Personal data was not looked for.</source>
        <translation>個人情報は探していません。</translation>
    </message>
    <message>
        <source>Personal data that was looked for and masked: {kinds}. Names of people were not looked for.</source>
        <translation>探して伏せた個人情報: {kinds}。人の名前は探していません。</translation>
    </message>
    <message>
        <source>{one}, {more}</source>
        <translation>{one}、{more}</translation>
    </message>
    <message>
        <source>Of it: {kind}</source>
        <translation>うち{kind}</translation>
    </message>
    <message>
        <source>{count} documents</source>
        <translation>文書 {count} 件</translation>
    </message>
    <message>
        <source>Evaluation set</source>
        <translation>評価セット</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>項目</translation>
    </message>
    <message>
        <source>Found in the text to train on</source>
        <translation>学習用テキストで見つかった数</translation>
    </message>
    <message>
        <source>Overlap with evaluation sets</source>
        <translation>評価セットとの重なり</translation>
    </message>
</context>
<context>
    <name>SheetDialog</name>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>Facts only. It goes into every version that is trained on this text; folders of this computer are not named.</source>
        <translation>事実だけを書きます。このテキストで学習したすべての版に入ります。このコンピュータのフォルダ名は書きません。</translation>
    </message>
</context>
<context>
    <name>ShelfModel</name>
    <message>
        <source>{bits} bits/byte</source>
        <translation>{bits} bits/byte</translation>
    </message>
    <message>
        <source>{share} % of pairs right</source>
        <translation>組の{share} %で正解</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>破損</translation>
    </message>
    <message>
        <source>parent in trash</source>
        <translation>親がごみ箱に</translation>
    </message>
    <message>
        <source>graduated</source>
        <translation>卒業</translation>
    </message>
    <message>
        <source>continued</source>
        <translation>続き</translation>
    </message>
    <message>
        <source>fine-tuned</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>adapter</source>
        <translation>アダプター</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>統合</translation>
    </message>
    <message>
        <source>distilled</source>
        <translation>蒸留</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>取込</translation>
    </message>
    <message>
        <source>waits for its turn</source>
        <translation>順番待ち</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>残り {time}</translation>
    </message>
    <message>
        <source>training</source>
        <translation>学習中</translation>
    </message>
</context>
<context>
    <name>ShelfPanel</name>
    <message>
        <source>Terakoya</source>
        <translation>寺子屋</translation>
    </message>
    <message>
        <source>Bookshelf</source>
        <translation>本棚</translation>
    </message>
    <message>
        <source>Open the shelf</source>
        <translation>本棚を開く</translation>
    </message>
    <message>
        <source>Fold the shelf</source>
        <translation>本棚をたたむ</translation>
    </message>
    <message>
        <source>Search the shelf</source>
        <translation>本棚をさがす</translation>
    </message>
    <message>
        <source>New edition</source>
        <translation>新しい版</translation>
    </message>
    <message>
        <source>Part of a title</source>
        <translation>題名の一部</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版の一覧</translation>
    </message>
    <message>
        <source>No editions yet</source>
        <translation>版はまだありません</translation>
    </message>
    <message>
        <source>Each finished training puts a new edition here</source>
        <translation>学習が終わるたびに、新しい版がここに並びます</translation>
    </message>
    <message>
        <source>Train a new edition</source>
        <translation>新しい版を育てる</translation>
    </message>
    <message>
        <source>Import a model…</source>
        <translation>モデルを取りこむ…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>評価</translation>
    </message>
    <message>
        <source>Train it further</source>
        <translation>つづけて学習する</translation>
    </message>
    <message>
        <source>Specialise</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>名前を変える…</translation>
    </message>
    <message>
        <source>Distil into a smaller one</source>
        <translation>小さな版に蒸留する</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>おぼえ書き…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>フォルダで見る</translation>
    </message>
    <message>
        <source>Export as a Hugging Face folder…</source>
        <translation>Hugging Faceフォルダに書き出す…</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>ごみ箱に移す</translation>
    </message>
</context>
<context>
    <name>SourcesCard</name>
    <message>
        <source>Sources</source>
        <translation>資料</translation>
    </message>
    <message>
        <source>Every file</source>
        <translation>全ファイル</translation>
    </message>
    <message>
        <source>What you added</source>
        <translation>あなたが足したもの</translation>
    </message>
    <message>
        <source>Every file with what became of it</source>
        <translation>すべてのファイルと、その結果</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>さがす</translation>
    </message>
    <message>
        <source>Filter and sort</source>
        <translation>絞りこみと並べ替え</translation>
    </message>
    <message>
        <source>The chosen line: its weight, licence, columns, and taking it out</source>
        <translation>選んだ行の重み、ライセンス、列、取り外し</translation>
    </message>
    <message>
        <source>Sources of this corpus</source>
        <translation>このコーパスの資料</translation>
    </message>
    <message>
        <source>Sort the sources</source>
        <translation>資料の並べ替え</translation>
    </message>
    <message>
        <source>Places found in the texts</source>
        <translation>本文で見つかったところ</translation>
    </message>
    <message>
        <source>Nothing is left by this filter</source>
        <translation>この絞りこみに合うものはありません</translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{count}件中{shown}件</translation>
    </message>
    <message>
        <source>Files to look at</source>
        <translation>注意のあるファイル</translation>
    </message>
    <message>
        <source>{count} to look at</source>
        <translation>注意 {count}</translation>
    </message>
    <message>
        <source>Show only what was skipped or needs a look</source>
        <translation>飛ばしたものと、注意が要るものだけを見る</translation>
    </message>
</context>
<context>
    <name>SourcesModel</name>
    <message>
        <source>Sort by this column</source>
        <translation>この列で並べ替える</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字コード</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Chars</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Docs</source>
        <translation>文書</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>{encoding}, unsure</source>
        <translation>{encoding} 不確か</translation>
    </message>
    <message>
        <source>It may be another one: click to choose</source>
        <translation>別の文字コードかもしれません。クリックして選べます</translation>
    </message>
    <message>
        <source>Click to choose another encoding</source>
        <translation>クリックして別の文字コードを選べます</translation>
    </message>
    <message>
        <source>Counts {factor} times</source>
        <translation>学習では{factor}倍に数えます</translation>
    </message>
    <message>
        <source>Licence: {text}</source>
        <translation>利用条件：{text}</translation>
    </message>
    <message>
        <source>an empty folder</source>
        <translation>空のフォルダ</translation>
    </message>
    <message>
        <source>good</source>
        <translation>よい</translation>
    </message>
    <message>
        <source>encoding unsure</source>
        <translation>文字コード未確認</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>読みこみ中</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>まだ読んでいません</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>飛ばしました</translation>
    </message>
</context>
<context>
    <name>StartChoice</name>
    <message>
        <source>There is no version to start from yet.</source>
        <translation>もとにできる版がまだありません。</translation>
    </message>
    <message>
        <source>Where to start?</source>
        <translation>どこから始める？</translation>
    </message>
    <message>
        <source>From scratch</source>
        <translation>ゼロから</translation>
    </message>
    <message>
        <source>raise a new edition</source>
        <translation>新しい版を育てる</translation>
    </message>
    <message>
        <source>Continue a version</source>
        <translation>版のつづき</translation>
    </message>
    <message>
        <source>let it read more text</source>
        <translation>もっと文章を読ませる</translation>
    </message>
    <message>
        <source>Specialise a version</source>
        <translation>版をもとに（特化）</translation>
    </message>
    <message>
        <source>teach it a style or a job</source>
        <translation>口調や役目を教える</translation>
    </message>
    <message>
        <source>Distil a version</source>
        <translation>小さく写す（蒸留）</translation>
    </message>
    <message>
        <source>let it teach a smaller one</source>
        <translation>大きな版が小さな版に教える</translation>
    </message>
</context>
<context>
    <name>Starting</name>
    <message>
        <source>How are you?</source>
        <translation>元気？</translation>
    </message>
    <message>
        <source>I am well.</source>
        <translation>元気だよ。</translation>
    </message>
    <message>
        <source>My model</source>
        <translation>わたしのモデル</translation>
    </message>
</context>
<context>
    <name>StatisticsCard</name>
    <message>
        <source>other</source>
        <translation>ほか</translation>
    </message>
    <message>
        <source>median {count}</source>
        <translation>まん中 {count}字</translation>
    </message>
    <message>
        <source>{count} test items are in here</source>
        <translation>評価セットの問題が{count}問あります</translation>
    </message>
    <message>
        <source>1 test item is in here</source>
        <translation>評価セットの問題が1問あります</translation>
    </message>
    <message>
        <source>Items of evaluation sets stand in the text that is trained on. Click to see both places.</source>
        <translation>評価セットの問題が、学習に使う文章の中にあります。押すと両方の場所が見られます。</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>ことばの内わけ</translation>
    </message>
    <message>
        <source>Document lengths</source>
        <translation>文書の長さ</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>How many documents have which length. Higher bars: more documents.</source>
        <translation>長さごとの文書の数。棒が高いほど、その長さの文書が多くあります。</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Everything stays on this computer</source>
        <translation>すべてこのパソコンの中だけで動いています</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>通信なし</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Save a checkpoint and stop; go on any time (Ctrl+P)</source>
        <translation>チェックポイントを保存して止めます。いつでも続けられます（Ctrl+P）</translation>
    </message>
    <message>
        <source>Stop and save</source>
        <translation>止めて保存</translation>
    </message>
    <message>
        <source>A short cool-down, then the version is put on the shelf (Ctrl+Shift+S)</source>
        <translation>短い仕上げのあと、版を本棚に置きます（Ctrl+Shift+S）</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>止める</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>準備ができました</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>残り 約{time}</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} トークン/秒</translation>
    </message>
    <message>
        <source>saved {time} ago</source>
        <translation>{time}前に保存</translation>
    </message>
    <message>
        <source>“{name}” waits for its turn</source>
        <translation>「{name}」は順番待ち</translation>
    </message>
    <message>
        <source>“{name}” is being saved and stopped</source>
        <translation>「{name}」を保存して止めています</translation>
    </message>
    <message>
        <source>“{name}” cools down and is put on the shelf</source>
        <translation>「{name}」を仕上げて本棚に置きます</translation>
    </message>
    <message>
        <source>“{name}” waits for room on the disk</source>
        <translation>「{name}」はディスクの空きを待っています</translation>
    </message>
    <message>
        <source>Training “{name}” · step {step} of {steps}</source>
        <translation>「{name}」を学習中 {step} / {steps}回</translation>
    </message>
    <message>
        <source>Putting “{name}” on the shelf</source>
        <translation>「{name}」を本棚に置いています</translation>
    </message>
    <message>
        <source>Timing “{name}” on this computer</source>
        <translation>「{name}」の速さを測っています</translation>
    </message>
    <message>
        <source>Compiling “{name}”, so that it trains faster</source>
        <translation>「{name}」を速く学習できるようにコンパイル中</translation>
    </message>
    <message>
        <source>Preparing “{name}”</source>
        <translation>「{name}」を準備中</translation>
    </message>
    <message>
        <source>Looking which files “{name}” has</source>
        <translation>「{name}」のファイルを調べています</translation>
    </message>
    <message>
        <source>Cleaning the texts of “{name}”</source>
        <translation>「{name}」の文章をお掃除しています</translation>
    </message>
    <message>
        <source>Learning a tokenizer from “{name}”</source>
        <translation>「{name}」のトークナイザーを作っています</translation>
    </message>
    <message>
        <source>Counting the tokens of “{name}”</source>
        <translation>「{name}」のトークンを数えています</translation>
    </message>
    <message>
        <source>Reading “{name}”</source>
        <translation>「{name}」を読みこみ中</translation>
    </message>
    <message>
        <source>Testing {name}</source>
        <translation>{name}をテスト中</translation>
    </message>
    <message>
        <source>Importing “{name}”</source>
        <translation>「{name}」を取りこみ中</translation>
    </message>
    <message>
        <source>Writing and testing “{name}”</source>
        <translation>「{name}」を書き出して確かめています</translation>
    </message>
    <message>
        <source>Exporting the texts of “{name}”</source>
        <translation>「{name}」のテキストを書き出しています</translation>
    </message>
    <message>
        <source>Looking for evaluation sets in “{name}”</source>
        <translation>「{name}」の中で評価セットの問題をさがしています</translation>
    </message>
    <message>
        <source>Merging “{name}”</source>
        <translation>「{name}」をまとめています</translation>
    </message>
    <message>
        <source>Measuring this computer</source>
        <translation>このパソコンを測っています</translation>
    </message>
</context>
<context>
    <name>StepsStrip</name>
    <message>
        <source>done</source>
        <translation>済み</translation>
    </message>
    <message>
        <source>now</source>
        <translation>いま</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>これから</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>省略</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Save</source>
        <translation>保存する</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
</context>
<context>
    <name>TokenShading</name>
    <message>
        <source>removed</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>not learnt</source>
        <translation>学ばない</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Add some text first, in the Corpus tab</source>
        <translation>まず「コーパス」タブで文章を入れてください</translation>
    </message>
    <message>
        <source>Plain</source>
        <translation>やさしい</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>くわしい</translation>
    </message>
    <message>
        <source>Only what everybody needs</source>
        <translation>だれにも要るものだけ</translation>
    </message>
    <message>
        <source>Every setting and number</source>
        <translation>すべての設定と数値</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>明るい画面と暗い画面を切りかえる</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>設定（Ctrl+,）</translation>
    </message>
    <message>
        <source>Guide (Ctrl+G)</source>
        <translation>ガイド（Ctrl+G）</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Collect</source>
        <translation>集める</translation>
    </message>
    <message>
        <source>Drop books, articles, notes. The app reads, cleans and counts them, and sets a part aside that the model will never see.</source>
        <translation>本や記事、メモを置きます。アプリが読みこみ、お掃除をして数え、モデルには見せない分を取り分けます。</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>読む</translation>
    </message>
    <message>
        <source>The model reads tokens, not letters: pieces of words. At every token it guesses which comes next, and says how sure it is.</source>
        <translation>モデルは文字ではなく、トークンという言葉の切れはしで読みます。1トークンごとに次を予想し、どれくらい自信があるかも答えます。</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>答え合わせ</translation>
    </message>
    <message>
        <source>Then it sees the true token. The surprise is measured: that number is the loss. A sure and right guess costs nothing; a sure and wrong one much.</source>
        <translation>次に正解のトークンを見ます。そのときの驚きを測った数が、損失です。自信があって当たれば損失はほぼゼロ、自信があるのに外れると大きくなります。</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>くり返す</translation>
    </message>
    <message>
        <source>After each batch every weight is nudged to be less surprised next time. Thousands of nudges make the curve fall and the samples readable.</source>
        <translation>1バッチごとに、次は驚きが減るように、すべての重みを少しずつ動かします。何千回もくり返すと線が下がり、書く文が読めるようになります。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>テスト</translation>
    </message>
    <message>
        <source>On the text set aside: has it learned the language, or only memorised pages? The gap between seen and unseen text tells.</source>
        <translation>取り分けておいた文章でたしかめます。ことばを学んだのか、丸暗記しただけか。見せた文と見せていない文の差でわかります。</translation>
    </message>
    <message>
        <source>Specialise</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>Go on from a version with a small special corpus: what it knows is carried over, so it learns faster than from nothing.</source>
        <translation>小さな専用のコーパスで、版の続きを学ばせます。知っていることを引きつぐので、ゼロからよりも速く学べます。</translation>
    </message>
    <message>
        <source>Graduate</source>
        <translation>卒業</translation>
    </message>
    <message>
        <source>A version is a folder of standard files on your shelf: chat with it, export it, use it in other programs, raise the next edition from it.</source>
        <translation>版は、標準形式のファイルが入ったフォルダとして本棚に並びます。話す、書き出す、ほかのプログラムで使う、次の版を育てる。どれもできます。</translation>
    </message>
</context>
<context>
    <name>TourPage</name>
    <message>
        <source>How it works, in 7 steps</source>
        <translation>7段でわかるしくみ</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
</context>
<context>
    <name>TrainingGuide</name>
    <message>
        <source>Bits/byte</source>
        <translation>ビット/バイト</translation>
    </message>
    <message>
        <source>How many bits the model needs for each byte of text. A coin toss for every bit would be 8. It compares between all models.</source>
        <translation>文章1バイトあたりに要るビット数。全部のビットをコイン投げで決めると8になります。どのモデルともくらべられます。</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>迷い（パープレキシティ）</translation>
    </message>
    <message>
        <source>Among how many equally likely tokens the model wavers.</source>
        <translation>同じくらいありそうなトークンいくつのあいだで迷っているかです。</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学習率</translation>
    </message>
    <message>
        <source>How much each step changes the weights.</source>
        <translation>1回ごとに重みをどれだけ変えるかです。</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>周</translation>
    </message>
    <message>
        <source>One reading of the whole corpus.</source>
        <translation>コーパス全体をひととおり読むことです。</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>チェックポイント</translation>
    </message>
    <message>
        <source>A saved state from which training can go on.</source>
        <translation>学習を続きから再開できるように保存した状態です。</translation>
    </message>
    <message>
        <source>Give it a time</source>
        <translation>時間を決める</translation>
    </message>
    <message>
        <source>Say how many minutes you have. The app chooses size, batch and steps from the text and the speed of this computer.</source>
        <translation>何分かけられるかを選んでください。文章の量とこのパソコンの速さから、大きさ、バッチ、ステップ数をアプリが選びます。</translation>
    </message>
    <message>
        <source>What is planned</source>
        <translation>この計画では</translation>
    </message>
    <message>
        <source>A model of &lt;b&gt;{size}&lt;/b&gt; parameters reads the text &lt;b&gt;{passes}&lt;/b&gt; times. It sees &lt;b&gt;{context}&lt;/b&gt; tokens at once.</source>
        <translation>&lt;b&gt;{size}&lt;/b&gt;パラメータのモデルが、文章を&lt;b&gt;{passes}&lt;/b&gt;周読みます。一度に見るのは&lt;b&gt;{context}&lt;/b&gt;トークンです。</translation>
    </message>
    <message>
        <source>How large?</source>
        <translation>大きさの選びかた</translation>
    </message>
    <message>
        <source>Too small a model cannot hold the text; too large a one learns it by heart, or does not finish in time. The marked size is a good start.</source>
        <translation>小さすぎると文章を覚えきれず、大きすぎると丸暗記したり、時間内に終わらなかったりします。まずは印のついた大きさがおすすめです。</translation>
    </message>
    <message>
        <source>It has read &lt;b&gt;{tokens}&lt;/b&gt; tokens and practised guessing the next one &lt;b&gt;{steps}&lt;/b&gt; times. That is &lt;b&gt;{passes}&lt;/b&gt; passes of the corpus.</source>
        <translation>&lt;b&gt;{tokens}&lt;/b&gt;トークンを読み、次の言葉をあてる練習を&lt;b&gt;{steps}&lt;/b&gt;回くり返しました。コーパス&lt;b&gt;{passes}&lt;/b&gt;周分です。</translation>
    </message>
    <message>
        <source>It has read &lt;b&gt;{tokens}&lt;/b&gt; tokens and changed its weights &lt;b&gt;{steps}&lt;/b&gt; times. That is &lt;b&gt;{passes}&lt;/b&gt; passes of the corpus.</source>
        <translation>&lt;b&gt;{tokens}&lt;/b&gt; トークンを読み、重みを &lt;b&gt;{steps}&lt;/b&gt; 回なおしました。コーパス &lt;b&gt;{passes}&lt;/b&gt; 周分です。</translation>
    </message>
    <message>
        <source>What happens now</source>
        <translation>いま起きていること</translation>
    </message>
    <message>
        <source>It is done and stands on the shelf.</source>
        <translation>学習が終わり、本棚に並びました。</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>起きたこと</translation>
    </message>
    <message>
        <source>It is &lt;b&gt;learning, not memorising&lt;/b&gt;.</source>
        <translation>&lt;b&gt;丸暗記ではなく、学べています&lt;/b&gt;。</translation>
    </message>
    <message>
        <source>The gap grows: it begins to &lt;b&gt;memorise&lt;/b&gt;. More text, or fewer passes, would help.</source>
        <translation>差が開き、&lt;b&gt;丸暗記&lt;/b&gt;が始まっています。文章を足すか、読む回数を減らすとよくなります。</translation>
    </message>
    <message>
        <source>How to read the curve</source>
        <translation>グラフの見かた</translation>
    </message>
    <message>
        <source>The golden marks are tests on &lt;b&gt;unseen text&lt;/b&gt;. The blue line is &lt;b&gt;{gap}&lt;/b&gt; away from them.</source>
        <translation>金色の点は&lt;b&gt;見せていない文&lt;/b&gt;での成績です。青い線との差は&lt;b&gt;{gap}&lt;/b&gt;です。</translation>
    </message>
    <message>
        <source>In other words</source>
        <translation>たとえると</translation>
    </message>
    <message>
        <source>At first it guessed blindly among &lt;b&gt;{begin}&lt;/b&gt; tokens. Now it wavers between &lt;b&gt;{now}&lt;/b&gt;.</source>
        <translation>はじめは&lt;b&gt;{begin}&lt;/b&gt;択の当てずっぽう。いまは&lt;b&gt;{now}&lt;/b&gt;択まで候補をしぼれています。</translation>
    </message>
    <message>
        <source>Why this size</source>
        <translation>この大きさの理由</translation>
    </message>
    <message>
        <source>If unseen text goes worse &lt;b&gt;{count}&lt;/b&gt; tests in a row, it stops by itself and keeps the best.</source>
        <translation>見せていない文で&lt;b&gt;{count}&lt;/b&gt;回続けて悪くなると、自動で止まり、いちばんよい状態を残します。</translation>
    </message>
    <message>
        <source>What comes next</source>
        <translation>次にできること</translation>
    </message>
    <message>
        <source>In about &lt;b&gt;{time}&lt;/b&gt; the best state is tested and put on the shelf. “Stop and save” does it now.</source>
        <translation>約&lt;b&gt;{time}&lt;/b&gt;後に、最良の状態をテストして本棚に置きます。「止めて保存」を押すと、いますぐ仕上げます。</translation>
    </message>
    <message>
        <source>How it fares</source>
        <translation>学習のようす</translation>
    </message>
    <message>
        <source>Lower is better; what counts is the distance to the lines in the plot.</source>
        <translation>小さいほど良い値です。グラフに引かれた線との差が目安になります。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{bits}&lt;/b&gt; bits/byte is better than gzip (&lt;b&gt;{gzip}&lt;/b&gt;): it knows more of this language than a packing program.</source>
        <translation>&lt;b&gt;{bits}&lt;/b&gt;ビット/バイトは、gzip（&lt;b&gt;{gzip}&lt;/b&gt;）より良い値です。圧縮ソフトよりも、このことばをよく知っています。</translation>
    </message>
    <message>
        <source>gzip needs &lt;b&gt;{gzip}&lt;/b&gt; bits/byte, the model still &lt;b&gt;{bits}&lt;/b&gt;. Below that line it knows more than a packing program.</source>
        <translation>gzipは&lt;b&gt;{gzip}&lt;/b&gt;ビット/バイト、モデルはまだ&lt;b&gt;{bits}&lt;/b&gt;です。この線を下回れば、圧縮ソフトよりもことばを知っていることになります。</translation>
    </message>
    <message>
        <source>Is that good?</source>
        <translation>これは良い値？</translation>
    </message>
</context>
<context>
    <name>TrainingScreen</name>
    <message>
        <source>Lessons of {name}</source>
        <translation>「{name}」のレッスン</translation>
    </message>
</context>
<context>
    <name>Units</name>
    <message>
        <source>min</source>
        <translation>分</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>周</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>層</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>窓</translation>
    </message>
    <message>
        <source>times</source>
        <translation>回</translation>
    </message>
    <message>
        <source>tests</source>
        <translation>回</translation>
    </message>
</context>
<context>
    <name>UseCard</name>
    <message>
        <source>it loads again</source>
        <translation>もう一度読みこめる</translation>
    </message>
    <message>
        <source>it predicts the same</source>
        <translation>同じ予測をする</translation>
    </message>
    <message>
        <source>it predicts much the same, but rounding changes some of it</source>
        <translation>予測はほぼ同じですが、丸めで一部が変わります</translation>
    </message>
    <message>
        <source>it cuts text alike</source>
        <translation>文の切り方が同じ</translation>
    </message>
    <message>
        <source>conversations look the same</source>
        <translation>会話の書式が同じ</translation>
    </message>
    <message>
        <source>every file is whole</source>
        <translation>どのファイルも無事</translation>
    </message>
    <message>
        <source>Use it elsewhere</source>
        <translation>卒業して、外で使う</translation>
    </message>
    <message>
        <source>Number format of the GGUF file</source>
        <translation>GGUFファイルの数の形式</translation>
    </message>
    <message>
        <source>Q8_0 is a quarter of the size and hardly differs; Q4_0 is smaller and a little worse; F32 is exact.</source>
        <translation>Q8_0は大きさが四分の一で、ほとんど変わりません。Q4_0はもっと小さく、少し落ちます。F32はそのままです。</translation>
    </message>
    <message>
        <source>Hugging Face folder</source>
        <translation>Hugging Face フォルダ</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>書き出す…</translation>
    </message>
    <message>
        <source>Adapter alone</source>
        <translation>アダプターのみ</translation>
    </message>
    <message>
        <source>for peft; needs its base</source>
        <translation>peft用。元の版が必要です</translation>
    </message>
    <message>
        <source>for LM Studio</source>
        <translation>LM Studioなど</translation>
    </message>
    <message>
        <source>GGUF and Modelfile: ollama create</source>
        <translation>GGUFとModelfile：ollama create</translation>
    </message>
    <message>
        <source>four lines to load it in transformers</source>
        <translation>transformersで読みこむ4行</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>写す</translation>
    </message>
</context>
<context>
    <name>UseLine</name>
    <message>
        <source>writing and testing…</source>
        <translation>書き出して確かめています…</translation>
    </message>
    <message>
        <source>tested: {what}</source>
        <translation>確認ずみ：{what}</translation>
    </message>
    <message>
        <source>with “{base}” merged in</source>
        <translation>「{base}」と統合済み</translation>
    </message>
    <message>
        <source>needs its base “{base}”</source>
        <translation>元の版「{base}」が必要です</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>ひらく</translation>
    </message>
    <message>
        <source>{what}: no</source>
        <translation>{what}：いいえ</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>there is no file in it</source>
        <translation>中にファイルがありません</translation>
    </message>
    <message>
        <source>files skipped: {count}</source>
        <translation>{count}件を除外</translation>
    </message>
    <message>
        <source>not a text file</source>
        <translation>文章のファイルではありません</translation>
    </message>
    <message>
        <source>no text is left after cleaning</source>
        <translation>お掃除のあと、文章が残りません</translation>
    </message>
    <message>
        <source>characters that cannot be read as {encoding}: {count}</source>
        <translation>{count}文字が{encoding}として読めません</translation>
    </message>
    <message>
        <source>characters that could not be read: {count}</source>
        <translation>{count}文字が読めませんでした</translation>
    </message>
    <message>
        <source>{kind} files larger than {megabytes} MB cannot be read: split it</source>
        <translation>{megabytes} MB を超える {kind} は読めません。分割してください</translation>
    </message>
    <message>
        <source>no text on the page</source>
        <translation>ページに文章がありません</translation>
    </message>
    <message>
        <source>entry {number}</source>
        <translation>{number} 番目の要素</translation>
    </message>
    <message>
        <source>line {number}</source>
        <translation>{number} 行目</translation>
    </message>
    <message>
        <source>row {number}</source>
        <translation>{number} 行目のデータ</translation>
    </message>
    <message>
        <source>read as text; its questions are left out: {count}. Choose the columns question and answer to read these</source>
        <translation>文章として読みました。質問は読んでいません：{count}件。質問も読むには、列 question と answer を選んでください</translation>
    </message>
    <message>
        <source>the text is taken from the column “{column}”</source>
        <translation>文章は列「{column}」から取りました</translation>
    </message>
    <message>
        <source>no JSON object with a text</source>
        <translation>文章をもつJSONオブジェクトではありません</translation>
    </message>
    <message>
        <source>its text is empty</source>
        <translation>文章が空です</translation>
    </message>
    <message>
        <source>the text is taken from the column “{column}”; left out: {columns}</source>
        <translation>列「{column}」を文章として読みました。読んでいない列：{columns}</translation>
    </message>
    <message>
        <source>rows without text: {count}; the first, {place}: {reason}</source>
        <translation>{count}行に文章がありませんでした。最初は{place}：{reason}</translation>
    </message>
    <message>
        <source>“{role}” is no role of a column; expected one of {roles}</source>
        <translation>「{role}」は列の役割ではありません。使えるもの: {roles}</translation>
    </message>
    <message>
        <source>the columns {roles} make no text; expected text, or prompt and answer, or messages, or prompt, chosen and rejected</source>
        <translation>列 {roles} だけでは文章になりません。必要なのは text、または prompt と answer、または messages、または prompt・chosen・rejected です</translation>
    </message>
    <message>
        <source>there is no column “{column}”; found {columns}</source>
        <translation>列「{column}」がありません。見つかった列: {columns}</translation>
    </message>
    <message>
        <source>“{field}” is no text but {kind}</source>
        <translation>「{field}」は文章ではなく{kind}です</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>リスト</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>オブジェクト</translation>
    </message>
    <message>
        <source>another value</source>
        <translation>別の値</translation>
    </message>
    <message>
        <source>message {number} has no text in “{key}”</source>
        <translation>{number} 番目のメッセージの「{key}」に文章がありません</translation>
    </message>
    <message>
        <source>“{field}” is empty</source>
        <translation>「{field}」が空です</translation>
    </message>
    <message>
        <source>found {fields}; expected text, messages, instruction and output, prompt and completion, question and answer, or chosen and rejected</source>
        <translation>見つかった項目: {fields}。必要なのは text、messages、instruction と output、prompt と completion、question と answer、または chosen と rejected です</translation>
    </message>
    <message>
        <source>no column with text; found {columns}</source>
        <translation>文章の列がありません。見つかった列: {columns}</translation>
    </message>
    <message>
        <source>no field with text (such as “text”) in its rows</source>
        <translation>行に文章の項目（「text」など）がありません</translation>
    </message>
    <message>
        <source>no field with text (such as “text”) in its rows; {place}: {reason}</source>
        <translation>行に文章の欄（「text」など）がありません。{place}：{reason}</translation>
    </message>
    <message>
        <source>moved or deleted; its text as read before is kept</source>
        <translation>移動または削除されました。前に読んだ文章は残っています</translation>
    </message>
    <message>
        <source>the same file as {name}</source>
        <translation>{name} と同じファイルです</translation>
    </message>
    <message>
        <source>a link to a folder: add that folder itself to read it</source>
        <translation>フォルダへのリンクです。読むには、そのフォルダ自体を足してください</translation>
    </message>
    <message>
        <source>a hidden folder of the system</source>
        <translation>システムの隠しフォルダです</translation>
    </message>
    <message>
        <source>its name cannot be read as text: rename it</source>
        <translation>ファイル名を文字として読めません。名前を変えてください</translation>
    </message>
    <message>
        <source>not a file</source>
        <translation>ファイルではありません</translation>
    </message>
    <message>
        <source>not found in the archive: {name}</source>
        <translation>アーカイブの中に見つかりません: {name}</translation>
    </message>
    <message>
        <source>holds more than {count} files: the rest is not opened</source>
        <translation>{count} 個を超えるファイルが入っているため、残りは開きません</translation>
    </message>
    <message>
        <source>its path leads out of the archive: not opened</source>
        <translation>アーカイブの外を指すパスのため、開きません</translation>
    </message>
    <message>
        <source>a hidden file of the system</source>
        <translation>システムの隠しファイルです</translation>
    </message>
    <message>
        <source>packed in a way that cannot be opened: pack it as a usual zip</source>
        <translation>開けない方式で圧縮されています。通常の ZIP で圧縮し直してください</translation>
    </message>
    <message>
        <source>the archive is not read further: it expands beyond all limits</source>
        <translation>展開すると上限を超えるため、このアーカイブはここまでで読むのをやめました</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>空のファイルです</translation>
    </message>
    <message>
        <source>no permission to read it</source>
        <translation>読む許可がありません</translation>
    </message>
    <message>
        <source>not found (moved or deleted)</source>
        <translation>見つかりません（移動または削除）</translation>
    </message>
    <message>
        <source>the archive is empty</source>
        <translation>アーカイブは空です</translation>
    </message>
    <message>
        <source>the archive is broken here</source>
        <translation>アーカイブがここで壊れています</translation>
    </message>
    <message>
        <source>an archive in an archive in an archive: unpack it first</source>
        <translation>アーカイブの中のアーカイブの中のアーカイブです。先に展開してください</translation>
    </message>
    <message>
        <source>it needs too much memory: split it</source>
        <translation>メモリが足りません。分割してください</translation>
    </message>
    <message>
        <source>cannot be read: {reason}</source>
        <translation>読めません：{reason}</translation>
    </message>
    <message>
        <source>“{field}” is no list of messages</source>
        <translation>「{field}」は発言のリストではありません</translation>
    </message>
    <message>
        <source>all messages of “{field}” are empty</source>
        <translation>「{field}」の発言がすべて空です</translation>
    </message>
    <message>
        <source>all answers of “{field}” are empty</source>
        <translation>「{field}」の答えがすべて空です</translation>
    </message>
    <message>
        <source>message {number} has no text in “content”, “value” or “text”</source>
        <translation>{number}番目の発言に、「content」「value」「text」の文章がありません</translation>
    </message>
    <message>
        <source>the answer to “{field}” is empty</source>
        <translation>「{field}」への答えが空です</translation>
    </message>
    <message>
        <source>an answer that people did not like (“label” is false)</source>
        <translation>好まれなかった答えです（「label」がfalse）</translation>
    </message>
    <message>
        <source>“{field}” answers something else than the prompt</source>
        <translation>「{field}」は別の問いに答えています</translation>
    </message>
    <message>
        <source>“chosen” and “rejected” have no prompt</source>
        <translation>「chosen」と「rejected」に問いがありません</translation>
    </message>
    <message>
        <source>“chosen” and “rejected” are the same</source>
        <translation>「chosen」と「rejected」が同じです</translation>
    </message>
    <message>
        <source>“{field}” does not end with an answer</source>
        <translation>「{field}」が答えで終わっていません</translation>
    </message>
    <message>
        <source>expands more than {ratio}-fold, as bombs do: not opened</source>
        <translation>展開すると {ratio} 倍を超える大きさになり、圧縮爆弾とみられるため、開きません</translation>
    </message>
    <message>
        <source>unpacks to more than {megabytes} MB: not opened</source>
        <translation>展開すると {megabytes} MB を超えるため、開きません</translation>
    </message>
    <message>
        <source>damaged or cut off</source>
        <translation>壊れているか、途中で切れています</translation>
    </message>
    <message>
        <source>needs a password: save it without one</source>
        <translation>パスワードが必要です。パスワードなしで保存してください</translation>
    </message>
    <message>
        <source>the line is too long to be read</source>
        <translation>行が長すぎて読めません</translation>
    </message>
    <message>
        <source>a value</source>
        <translation>値</translation>
    </message>
    <message>
        <source>a name in quotes</source>
        <translation>引用符で囲んだ名前</translation>
    </message>
    <message>
        <source>a colon</source>
        <translation>コロン（:）</translation>
    </message>
    <message>
        <source>a comma, or the end of the list or object</source>
        <translation>コンマ、またはリストやオブジェクトの終わり</translation>
    </message>
    <message>
        <source>a quote that ends the text</source>
        <translation>文字列を閉じる引用符</translation>
    </message>
    <message>
        <source>no control character inside a text</source>
        <translation>制御文字を含まない文字列</translation>
    </message>
    <message>
        <source>one of the known letters after “\”</source>
        <translation>「\」に続く決められた文字</translation>
    </message>
    <message>
        <source>the end of the line</source>
        <translation>行の終わり</translation>
    </message>
    <message>
        <source>no comma before the end</source>
        <translation>終わりの前にコンマがないこと</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>a value is longer than {millions} million characters</source>
        <translation>1 つの値が {millions}00 万字より長いため読めません</translation>
    </message>
    <message>
        <source>“{text}”</source>
        <translation>「{text}」</translation>
    </message>
    <message>
        <source>the end of the text</source>
        <translation>ファイルの終わり</translation>
    </message>
    <message>
        <source>column {column}: found {found}; expected {expected}</source>
        <translation>{column} 文字目に{found}があります。必要なのは{expected}です</translation>
    </message>
    <message>
        <source>line {line}, column {column}: found {found}; expected {expected}</source>
        <translation>{line} 行 {column} 文字目に{found}があります。必要なのは{expected}です</translation>
    </message>
    <message>
        <source>lists and objects are nested too deeply</source>
        <translation>リストやオブジェクトの入れ子が深すぎます</translation>
    </message>
    <message>
        <source>the archive is damaged or cut off: what comes after this is lost</source>
        <translation>アーカイブが壊れているか、途中で切れています。これより後は読めません</translation>
    </message>
    <message>
        <source>a link inside the archive: not followed</source>
        <translation>アーカイブ内のリンクはたどりません</translation>
    </message>
    <message>
        <source>a file with gaps (sparse): pack it anew without them</source>
        <translation>空き領域を省いた（スパース）ファイルです。通常の形式で固め直してください</translation>
    </message>
    <message>
        <source>a device, a pipe or the like: no file</source>
        <translation>デバイスやパイプなどで、ファイルではありません</translation>
    </message>
    <message>
        <source>needs more than {megabytes} MB of memory to unpack: pack it anew</source>
        <translation>展開に{megabytes} MBを超えるメモリーが必要です。圧縮し直してください</translation>
    </message>
    <message>
        <source>holds more than {count} files: not opened</source>
        <translation>{count} 個を超えるファイルが入っているため、開きません</translation>
    </message>
    <message>
        <source>protected against copying (DRM): it cannot be read</source>
        <translation>コピー防止（DRM）がかかっているため、読めません</translation>
    </message>
    <message>
        <source>no text in the book</source>
        <translation>本に本文がありません</translation>
    </message>
    <message>
        <source>chapters that are damaged or missing: {count} of {total}</source>
        <translation>{total} 章のうち {count} 章が壊れているか、ありません</translation>
    </message>
    <message>
        <source>no text in the document</source>
        <translation>文書に本文がありません</translation>
    </message>
    <message>
        <source>damaged: read up to character {count}</source>
        <translation>壊れています。{count} 文字目まで読みました</translation>
    </message>
    <message>
        <source>an Office file from before 2007, not {kind}: save it as {kind}</source>
        <translation>2007 年より前の Office のファイルで、{kind} ではありません。{kind} として保存し直してください</translation>
    </message>
    <message>
        <source>the Parquet file is broken</source>
        <translation>Parquet ファイルが壊れています</translation>
    </message>
    <message>
        <source>not an RTF file, by its beginning</source>
        <translation>先頭の内容が RTF ファイルではありません</translation>
    </message>
    <message>
        <source>cut off: read up to where it breaks off</source>
        <translation>途中で切れています。切れたところまで読みました</translation>
    </message>
    <message>
        <source>all rows of the table are empty</source>
        <translation>表の行がすべて空です</translation>
    </message>
    <message>
        <source>no column has sentences: the rows are read as they stand</source>
        <translation>文の入った列がないため、表をそのまま読みました</translation>
    </message>
    <message>
        <source>rows with another number of cells: {count}; the first, line {line}: found {found}, expected {expected}</source>
        <translation>{count} 行のセルの数が違います。最初は {line} 行目で、{expected} 個のはずが {found} 個です</translation>
    </message>
    <message>
        <source>a cell is too large to be read</source>
        <translation>セルが大きすぎて読めません</translation>
    </message>
    <message>
        <source>declares entities of its own, as bombs do: not read</source>
        <translation>独自の実体宣言があり、圧縮爆弾とみられるため、読みません</translation>
    </message>
    <message>
        <source>damaged: what could be repaired was read</source>
        <translation>壊れています。修復できた部分を読みました</translation>
    </message>
    <message>
        <source>its pages are pictures, without a text layer: run text recognition (OCR) on it first</source>
        <translation>ページが画像で、文字情報がありません。先に文字認識（OCR）をかけてください</translation>
    </message>
    <message>
        <source>only the first {count} of {total} pages were read: split it</source>
        <translation>{total}ページのうち最初の{count}ページだけを読みました。分けて保存してください</translation>
    </message>
    <message>
        <source>damaged pages: {count} of {total}</source>
        <translation>{total} ページのうち {count} ページが壊れています</translation>
    </message>
    <message>
        <source>pages that are pictures without text: {count} of {total}</source>
        <translation>{total} ページのうち {count} ページは、文字情報のない画像です</translation>
    </message>
    <message>
        <source>more than {millions} million characters in one document: split it</source>
        <translation>1 つの文書が {millions}00 万文字を超えています。分けてください</translation>
    </message>
    <message>
        <source>its fonts do not tell which characters they draw</source>
        <translation>フォントに文字の情報がないため、文字を読み取れません</translation>
    </message>
    <message>
        <source>{kind} files have no columns</source>
        <translation>{kind} ファイルには列がありません</translation>
    </message>
    <message>
        <source>{place}: {reason}</source>
        <translation>{place}: {reason}</translation>
    </message>
    <message>
        <source>minified code: its lines are too long</source>
        <translation>圧縮されたコードです（行が長すぎます）</translation>
    </message>
    <message>
        <source>messages whose parts are nested too deeply: {count}</source>
        <translation>パートの入れ子が深すぎるメール: {count}通</translation>
    </message>
    <message>
        <source>messages larger than {megabytes} MB, of which only the beginning was read: {count}</source>
        <translation>{megabytes} MBを超えるため、初めの部分だけを読んだメール: {count}通</translation>
    </message>
    <message>
        <source>no text in the mail</source>
        <translation>メールに文章がありません</translation>
    </message>
    <message>
        <source>messages without text that can be read: {count}</source>
        <translation>{count} 通には読める文章がありませんでした</translation>
    </message>
    <message>
        <source>attachments left out: {count}</source>
        <translation>添付ファイル {count} 個は読んでいません</translation>
    </message>
    <message>
        <source>larger than {megabytes} MB: clear what its cells printed, and save it</source>
        <translation>{megabytes} MBを超えています。セルの出力を消去して保存し直してください</translation>
    </message>
    <message>
        <source>no text in the notebook</source>
        <translation>ノートブックに文章がありません</translation>
    </message>
    <message>
        <source>the notebook is broken: it is no JSON</source>
        <translation>ノートブックが壊れています（JSON ではありません）</translation>
    </message>
    <message>
        <source>no subtitles in it</source>
        <translation>字幕がありません</translation>
    </message>
    <message>
        <source>{kind} files are not read: save it as DOCX or as plain text</source>
        <translation>{kind} ファイルは読めません。DOCX かテキストとして保存してください</translation>
    </message>
    <message>
        <source>{kind} books are not read: convert it to EPUB</source>
        <translation>{kind} の本は読めません。EPUB に変換してください</translation>
    </message>
    <message>
        <source>{kind} tables are not read: save each sheet as CSV</source>
        <translation>{kind} の表は読めません。シートごとに CSV で保存してください</translation>
    </message>
    <message>
        <source>{kind} slides are not read: save them as PDF</source>
        <translation>{kind} のスライドは読めません。PDF として保存してください</translation>
    </message>
    <message>
        <source>a picture ({kind}): pictures have no text to read</source>
        <translation>画像（{kind}）です。画像から文章は読めません</translation>
    </message>
    <message>
        <source>sound or video ({kind}): write it down as text or subtitles first</source>
        <translation>音声または動画（{kind}）です。先に文字起こしか字幕にしてください</translation>
    </message>
    <message>
        <source>{kind} archives are not opened: unpack it, or pack it as ZIP</source>
        <translation>{kind} のアーカイブは開けません。展開するか、ZIP にしてください</translation>
    </message>
    <message>
        <source>{kind}: a program's own data, not text</source>
        <translation>{kind}: プログラム用のデータで、文章ではありません</translation>
    </message>
    <message>
        <source>broken XML in line {line}, column {column}</source>
        <translation>{line} 行 {column} 文字目で XML が壊れています</translation>
    </message>
    <message>
        <source>its elements are nested too deeply</source>
        <translation>要素の入れ子が深すぎます</translation>
    </message>
    <message>
        <source>no sentences in the XML</source>
        <translation>XML に文がありません</translation>
    </message>
    <message>
        <source>reading it does not come to an end</source>
        <translation>読み込みが終わりません</translation>
    </message>
    <message>
        <source>reading it needs more than {gigabytes} GB of memory: split it</source>
        <translation>読み込みに {gigabytes} GB を超えるメモリが要ります。分割してください</translation>
    </message>
    <message>
        <source>the reader broke down on it: it may be damaged</source>
        <translation>読み込み中にリーダーが停止しました。ファイルが壊れている可能性があります</translation>
    </message>
    <message>
        <source>parts in other formats that Word takes in when it opens the file: {count}; save it anew with Word</source>
        <translation>Wordが開くときに取り込む別形式の部分: {count}個。Wordで開いて保存し直してください</translation>
    </message>
</context>
<context>
    <name>VersionActions</name>
    <message>
        <source>It is trained once more with the same recipe, text and seed, which takes about {time}. Then the weights are compared.</source>
        <translation>同じレシピ・文章・種でもう一度学習します（約{time}）。そのあと重みをくらべます。</translation>
    </message>
    <message>
        <source>Reproduce “{name}”</source>
        <translation>「{name}」を再現する</translation>
    </message>
    <message>
        <source>Train again</source>
        <translation>もう一度学習する</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>名前を変える</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>新しい名前</translation>
    </message>
    <message>
        <source>Now it is called “{name}”</source>
        <translation>名前を「{name}」に変えました</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>おぼえ書き</translation>
    </message>
    <message>
        <source>What do you want to remember of “{name}”?</source>
        <translation>「{name}」について、何を書きとめますか？</translation>
    </message>
    <message>
        <source>“{name}” is in the trash</source>
        <translation>「{name}」をごみ箱に移しました</translation>
    </message>
    <message>
        <source>It is back</source>
        <translation>元に戻しました</translation>
    </message>
</context>
<context>
    <name>VersionScreen</name>
    <message>
        <source>Chat with it</source>
        <translation>話してみる</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>評価</translation>
    </message>
    <message>
        <source>More</source>
        <translation>ほか</translation>
    </message>
    <message>
        <source>Its family</source>
        <translation>この本の系図</translation>
    </message>
    <message>
        <source>Colophon</source>
        <translation>奥付</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダをひらく</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>おぼえ書き</translation>
    </message>
    <message>
        <source>What do you want to remember of this edition?</source>
        <translation>この版について、おぼえておきたいことは？</translation>
    </message>
    <message>
        <source>from {name}</source>
        <translation>{name}から</translation>
    </message>
    <message>
        <source>from scratch</source>
        <translation>ゼロから</translation>
    </message>
    <message>
        <source>“{corpus}” read {count} times</source>
        <translation>「{corpus}」を{count}周</translation>
    </message>
    <message>
        <source>{time} on {device}</source>
        <translation>{device}で{time}</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>取込</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>名前を変える…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>フォルダで見る</translation>
    </message>
    <message>
        <source>Specialise</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>Distil</source>
        <translation>小さく写す</translation>
    </message>
    <message>
        <source>Editions that come from this one will stand beside it.</source>
        <translation>この版から生まれた版が、ここに並びます。</translation>
    </message>
    <message>
        <source>Data sheet</source>
        <translation>データシート</translation>
    </message>
    <message>
        <source>Fill in blanks</source>
        <translation>空欄をうめる</translation>
    </message>
    <message>
        <source>Data sheet of “{name}”</source>
        <translation>「{name}」のデータシート</translation>
    </message>
    <message>
        <source>Train it further</source>
        <translation>つづけて学習する</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>くらべる…</translation>
    </message>
    <message>
        <source>Reproduce it…</source>
        <translation>再現する…</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>ごみ箱へ</translation>
    </message>
    <message>
        <source>Merge into a whole version…</source>
        <translation>一つの版にまとめる…</translation>
    </message>
    <message>
        <source>There is no other version to compare it with yet.</source>
        <translation>くらべられる版が、まだほかにありません。</translation>
    </message>
    <message>
        <source>The colophon is in the clipboard</source>
        <translation>奥付をクリップボードに写しました</translation>
    </message>
    <message>
        <source>Four lines of Python are in the clipboard</source>
        <translation>Pythonの4行をクリップボードに写しました</translation>
    </message>
    <message>
        <source>The seal</source>
        <translation>卒業のしるし</translation>
    </message>
    <message>
        <source>It was tested on unseen text and has talked with you. It has &lt;b&gt;graduated&lt;/b&gt;.</source>
        <translation>見せていない文でテストし、あなたと話もしました。&lt;b&gt;卒業&lt;/b&gt;です。</translation>
    </message>
    <message>
        <source>test it on unseen text</source>
        <translation>見せていない文でテストしましょう</translation>
    </message>
    <message>
        <source>chat with it</source>
        <translation>話してみましょう</translation>
    </message>
    <message>
        <source>Not graduated yet</source>
        <translation>卒業はこれから</translation>
    </message>
    <message>
        <source>To graduate: &lt;b&gt;{what}&lt;/b&gt;.</source>
        <translation>卒業するには、&lt;b&gt;{what}&lt;/b&gt;。</translation>
    </message>
    <message>
        <source>Reading the family</source>
        <translation>系図の見かた</translation>
    </message>
    <message>
        <source>Left to right the editions grow younger. A box opens that edition.</source>
        <translation>左から右へ、版が新しくなります。箱を押すと、その版をひらきます。</translation>
    </message>
    <message>
        <source>Standard files</source>
        <translation>標準のファイル</translation>
    </message>
    <message>
        <source>The folder is what transformers and other programs read as it is. Nothing is hidden, nothing needs Terakoya.</source>
        <translation>フォルダは、transformersなどのプログラムがそのまま読める形です。隠したものはなく、寺子屋がなくても使えます。</translation>
    </message>
    <message>
        <source>Before you pass it on</source>
        <translation>人に渡す前に</translation>
    </message>
    <message>
        <source>It has read “&lt;b&gt;{corpus}&lt;/b&gt;”. A model can repeat what it has read; make sure that this text may be passed on.</source>
        <translation>この版は「&lt;b&gt;{corpus}&lt;/b&gt;」を読みました。モデルは読んだ文をそのまま書くことがあります。渡してよい文章かを確かめてください。</translation>
    </message>
    <message>
        <source>The last page of a book: who made it, of what, and when.</source>
        <translation>本の最後のページ。だれが、何から、いつ作ったか。</translation>
    </message>
    <message>
        <source>Edition</source>
        <translation>版</translation>
    </message>
    <message>
        <source>A version of the same series.</source>
        <translation>同じ系列のなかの版。</translation>
    </message>
</context>
<context>
    <name>VersionWords</name>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
    <message>
        <source>{name} ({relation})</source>
        <translation>{name}（{relation}）</translation>
    </message>
    <message>
        <source>better than before</source>
        <translation>前より良い</translation>
    </message>
    <message>
        <source>partly forgotten</source>
        <translation>一部を忘れた</translation>
    </message>
    <message>
        <source>no clear difference</source>
        <translation>差があるとは言えない</translation>
    </message>
    <message>
        <source>continues text</source>
        <translation>文の続きを書く</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>答える</translation>
    </message>
    <message>
        <source>fills in blanks</source>
        <translation>空欄をうめる</translation>
    </message>
    <message>
        <source>the next token</source>
        <translation>次のトークン</translation>
    </message>
    <message>
        <source>hidden tokens</source>
        <translation>隠したトークン</translation>
    </message>
    <message>
        <source>preferences</source>
        <translation>好み</translation>
    </message>
    <message>
        <source>a teacher's guesses</source>
        <translation>先生の予想</translation>
    </message>
    <message>
        <source>all weights</source>
        <translation>すべての重み</translation>
    </message>
</context>
<context>
    <name>Warnings</name>
    <message>
        <source>The name “{wanted}” was taken meanwhile, so the version is called “{name}”.</source>
        <translation>「{wanted}」という名前がその間に使われたので、この版は「{name}」になりました。</translation>
    </message>
    <message>
        <source>It can see images as well; only the part of it that reads and writes is brought in.</source>
        <translation>画像も見られるモデルですが、取り込むのは文章を読み書きする部分だけです。</translation>
    </message>
    <message>
        <source>{count} of its weights hold numbers that are infinite or none at all, “{name}” first: what it writes may be nonsense.</source>
        <translation>{count}個の重みに、無限大または数でない値があります（最初は「{name}」）。意味のない文を書くかもしれません。</translation>
    </message>
    <message>
        <source>Its chat template is left out, so it continues text and does not converse: {reason}.</source>
        <translation>会話の書式を使わないので、会話はせず文の続きを書きます：{reason}。</translation>
    </message>
    <message>
        <source>Its tokenizer has no token for the end of a text; the one for unknown text stands for it.</source>
        <translation>トークナイザーに文章の終わりのトークンがないため、未知の文字のトークンで代えます。</translation>
    </message>
    <message>
        <source>The memory was not enough: the run goes on with {now} windows at once instead of {before}. The batch stays the same, so it learns the same, a little more slowly.</source>
        <translation>メモリが足りなかったので、一度に計算する窓を {before} から {now} に減らして続けます。バッチは変わらないので学ぶ内容は同じで、少しだけ遅くなります。</translation>
    </message>
    <message>
        <source>The memory was not enough: the run goes on and computes parts of each step twice instead of keeping them. It learns the same, about a third more slowly.</source>
        <translation>メモリが足りなかったので、途中の結果を残さず、必要なときに計算し直しながら続けます。学ぶ内容は同じですが、3 分の 1 ほど遅くなります。</translation>
    </message>
    <message>
        <source>It works on the processor. This Mac's GPU can be chosen as the device (mps).</source>
        <translation>CPU で進めます。この Mac の GPU は、装置として mps を選ぶと使えます。</translation>
    </message>
    <message>
        <source>The GPU “{name}” is not used; “{other}” is used instead. {reason}</source>
        <translation>GPU「{name}」は使わず、「{other}」で進めます。{reason}</translation>
    </message>
    <message>
        <source>Compiling did not work here ({reason}); the run goes on without it.</source>
        <translation>ここではコンパイルできませんでした（{reason}）。コンパイルなしで学習を続けます。</translation>
    </message>
    <message>
        <source>no C++ compiler is installed</source>
        <translation>C++コンパイラが入っていません</translation>
    </message>
    <message>
        <source>the compiler says “{kind}”</source>
        <translation>コンパイラからのエラー「{kind}」</translation>
    </message>
    <message>
        <source>The run began on “{before}” and goes on on “{now}”: from here on its figures differ in their last digits, and so may its speed.</source>
        <translation>「{before}」で始めた学習を「{now}」で続けます。ここからは、数値の最後の桁や速さが変わることがあります。</translation>
    </message>
    <message>
        <source>The run began on {before} devices and goes on on {now}.</source>
        <translation>この学習は {before} 個のデバイスで始まり、{now} 個のデバイスで続きます。</translation>
    </message>
    <message>
        <source>The gradient of step {step} was no number; the step was left out, and nothing is spoilt.</source>
        <translation>{step}回めの勾配が数値になりませんでした。この回は飛ばしたので、モデルは無事です。</translation>
    </message>
    <message>
        <source>{count} steps so far, the last of them step {step}, had a gradient that is no number; they were left out, and nothing is spoilt.</source>
        <translation>これまでに{count}回（最後は{step}回め）、勾配が数値になりませんでした。その回は飛ばしたので、モデルは無事です。</translation>
    </message>
    <message>
        <source>The loss ran away at step {step}: the run went back to step {to} and goes on with half the learning rate.</source>
        <translation>{step}回めで損失が暴走したので、{to}回めまで戻り、学習率を半分にして続けます。</translation>
    </message>
    <message>
        <source>The loss stopped being a number at step {step}: the run went back to step {to} and goes on with half the learning rate.</source>
        <translation>{step}回めで損失が数値ではなくなったので、{to}回めまで戻り、学習率を半分にして続けます。</translation>
    </message>
    <message>
        <source>The loss ran away again and again: the run ends here, and the best state is published.</source>
        <translation>損失が何度も暴走したので、ここで終わり、いちばんよい状態を版にします。</translation>
    </message>
    <message>
        <source>On unseen text it was no better for {count} tests in a row: it stopped by itself, and the state of step {step}, the best, is published.</source>
        <translation>見せていない文で{count}回続けて悪くなったので、自動で止まりました。いちばんよかった{step}回めの状態を版にします。</translation>
    </message>
    <message>
        <source>Texts that are not trained on, because another corpus keeps the same or nearly the same unseen: {count}.</source>
        <translation>ほかのコーパスが同じ文章、またはほぼ同じ文章を未学習として取っておいているため、学習しない文章：{count}件。</translation>
    </message>
    <message>
        <source>The text gives a vocabulary of {count} tokens, not the {wanted} asked for.</source>
        <translation>この文章から作れる語彙は {count} トークンで、指定した {wanted} には届きません。</translation>
    </message>
    <message>
        <source>This objective is trained on one device; the others are left alone.</source>
        <translation>この目標の学習は 1 台の装置で行います。ほかの装置は使いません。</translation>
    </message>
    <message>
        <source>The disk with {path} is full. Free at least {missing} MB more: the run waits, and goes on by itself.</source>
        <translation>{path} のあるディスクがいっぱいです。あと {missing}MB以上空けてください。学習は待っていて、空きができれば自動で続きます。</translation>
    </message>
    <message>
        <source>Saving takes {seconds} s here, so a checkpoint every {every} s costs about {share} % of the time. A longer interval (Checkpoint every) would cost less.</source>
        <translation>このコンピューターでは保存に {seconds} 秒かかるため、{every} 秒ごとのチェックポイントに時間の約 {share}% を使います。「チェックポイントの間隔」を長くすると減らせます。</translation>
    </message>
    <message>
        <source>The checkpoint of step {step} is damaged and there is no older one: the run begins again.</source>
        <translation>ステップ {step} のチェックポイントが壊れていて、それより前のものもありません。学習は最初からやり直します。</translation>
    </message>
    <message>
        <source>The checkpoint of step {step} is damaged: the run goes on from the one of step {older}, and the steps between are done again.</source>
        <translation>ステップ {step} のチェックポイントが壊れています。ステップ {older} のものから続け、その間のステップはやり直します。</translation>
    </message>
    <message>
        <source>{count} of {all} documents were passed over: there is no answer in them to be learnt.</source>
        <translation>{all}件のうち{count}件の文書をとばしました。学ぶ答えがありません。</translation>
    </message>
    <message>
        <source>{count} lines of the lessons cannot be read and were passed over; the others are learnt.</source>
        <translation>レッスンのうち {count} 行は読めないため飛ばしました。残りは学びます。</translation>
    </message>
    <message>
        <source>{count} conversations are longer than the context of {limit} tokens: they were cut between turns, or shortened.</source>
        <translation>{count}件の会話が文脈の{limit}トークンより長いため、番の切れ目で分けるか、縮めました。</translation>
    </message>
    <message>
        <source>{count} conversations were left out: {reason}.</source>
        <translation>{count}件の会話を外しました：{reason}。</translation>
    </message>
    <message>
        <source>None of them is held out, so the figures are of what was learnt: add more to see how well new questions are answered.</source>
        <translation>取り分けられたものがないので、成績は学んだものについてです。新しい質問にどれだけ答えられるかを見るには、もっと加えてください。</translation>
    </message>
    <message>
        <source>Adapters are trained on one device; the others are left alone.</source>
        <translation>アダプターは一つの装置で学習します。ほかの装置は使いません。</translation>
    </message>
</context>
<context>
    <name>WaysGuide</name>
    <message>
        <source>Specialise</source>
        <translation>特化</translation>
    </message>
    <message>
        <source>To train a finished version on a small special text (fine-tuning): cheaper and better than from scratch.</source>
        <translation>できあがった版に、小さな専門の文章を学ばせること（ファインチューニング）。ゼロからより安く、よく育ちます。</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Low-rank adaptation: the weights stay as they are, and small matrices beside them learn the difference.</source>
        <translation>低ランク適応。もとの重みはそのままに、横に置いた小さな行列が違いだけを学びます。</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>復習</translation>
    </message>
    <message>
        <source>Old text that is read again beside the new, so that less of it is forgotten.</source>
        <translation>新しい文章といっしょに前の文章をもう一度読み、忘れにくくすること。</translation>
    </message>
    <message>
        <source>Distil</source>
        <translation>蒸留</translation>
    </message>
    <message>
        <source>A small model learns the probabilities of a large one, not only the right token.</source>
        <translation>正解のトークンだけでなく、大きなモデルの確率を小さなモデルが学ぶこと。</translation>
    </message>
    <message>
        <source>Pseudo bits/byte</source>
        <translation>擬似ビット/バイト</translation>
    </message>
    <message>
        <source>Bits for each byte when each token is hidden in turn and guessed from both of its sides.</source>
        <translation>トークンを一つずつ隠し、前後から当てたときの、1バイトあたりのビット数。</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>会話の書式</translation>
    </message>
    <message>
        <source>How questions and answers are written as one text, with marks for who speaks.</source>
        <translation>質問と答えを、話し手の印をつけて一つの文章に書く方法。</translation>
    </message>
    <message>
        <source>DPO</source>
        <translation>DPO</translation>
    </message>
    <message>
        <source>Direct preference optimisation: makes the better of two answers more likely than the parent found it, and the worse one less.</source>
        <translation>直接選好最適化。二つの答えのうち、よいほうを親の版よりも出やすく、悪いほうを出にくくします。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>続きから</translation>
    </message>
    <message>
        <source>The version goes on where it stopped: all it knows is kept to begin with, and it reads &lt;b&gt;more text&lt;/b&gt;. Its size stays.</source>
        <translation>前に止まったところから先へ進みます。知っていることはそのままに、&lt;b&gt;さらに文章を&lt;/b&gt;読みます。大きさは変わりません。</translation>
    </message>
    <message>
        <source>Why specialise?</source>
        <translation>なぜ特化するの？</translation>
    </message>
    <message>
        <source>Who can read already learns a new subject quickly. A version that has read much needs only &lt;b&gt;little text&lt;/b&gt; and &lt;b&gt;little time&lt;/b&gt; to take on a style or a job, and gets better at it than one that begins from nothing.</source>
        <translation>読める子は、新しい科目もすぐ覚えます。たくさん読んだ版なら、&lt;b&gt;少しの文章&lt;/b&gt;と&lt;b&gt;少しの時間&lt;/b&gt;で口調や役目を身につけ、ゼロから始めた版よりも上手になります。</translation>
    </message>
    <message>
        <source>Learning from a teacher</source>
        <translation>先生から学ぶ</translation>
    </message>
    <message>
        <source>The teacher says of every place &lt;b&gt;how likely each token is&lt;/b&gt;. That tells the pupil more than the one token that stands there, so a small model gets almost as good.</source>
        <translation>先生は、どの場所でも&lt;b&gt;どのトークンがどれくらいありそうか&lt;/b&gt;を教えます。正解一つよりも多くのことが伝わるので、小さなモデルでも先生に近づけます。</translation>
    </message>
    <message>
        <source>Filling in blanks</source>
        <translation>穴うめ</translation>
    </message>
    <message>
        <source>Some tokens are hidden, and it guesses them from &lt;b&gt;both sides&lt;/b&gt;. Such a model understands text well, but writes none.</source>
        <translation>トークンをいくつか隠し、&lt;b&gt;前後の両方から&lt;/b&gt;当てます。文章をよく理解するモデルですが、文章は書きません。</translation>
    </message>
    <message>
        <source>LoRA in plain words</source>
        <translation>LoRA をひとことで</translation>
    </message>
    <message>
        <source>The book stays as it is printed; what is new stands on &lt;b&gt;thin slips between its pages&lt;/b&gt;. They need little memory and can be taken out again.</source>
        <translation>本は刷られたまま。新しいことは&lt;b&gt;ページにはさんだ薄い紙&lt;/b&gt;に書きます。メモリは少しで済み、いつでも外せます。</translation>
    </message>
    <message>
        <source>It practises filling in hidden tokens from both of their sides.</source>
        <translation>隠したトークンを、前後から当てる練習をしています。</translation>
    </message>
    <message>
        <source>It learns to answer: only the answers count, the questions are read.</source>
        <translation>答え方を学んでいます。質問は読むだけで、答えだけを練習します。</translation>
    </message>
    <message>
        <source>It learns which of two answers is better.</source>
        <translation>二つの答えのうち、どちらがよいかを学んでいます。</translation>
    </message>
    <message>
        <source>It imitates the probabilities of its teacher, beside the text itself.</source>
        <translation>文章そのものと、先生の確率の両方をまねています。</translation>
    </message>
    <message>
        <source>Only the small matrices of LoRA change.</source>
        <translation>変わるのは、LoRA の小さな行列だけです。</translation>
    </message>
    <message>
        <source>&lt;b&gt;{share} %&lt;/b&gt; of what it reads is its old text again.</source>
        <translation>読む文章の &lt;b&gt;{share} %&lt;/b&gt; は、前に読んだ文章の復習です。</translation>
    </message>
    <message>
        <source>It takes on what is special about this text.</source>
        <translation>この文章ならではの書き方を身につけています。</translation>
    </message>
    <message>
        <source>From writing to answering</source>
        <translation>書くことから答えることへ</translation>
    </message>
    <message>
        <source>A version that only read goes on with every text. From conversations it learns &lt;b&gt;when it is its turn&lt;/b&gt;, and to stop when the answer is said.</source>
        <translation>読んだだけの版は、どんな文章も先へ書き続けます。会話からは、&lt;b&gt;自分の番がいつか&lt;/b&gt;、そして言い終えたら止まることを学びます。</translation>
    </message>
    <message>
        <source>Better and worse</source>
        <translation>よい答えと悪い答え</translation>
    </message>
    <message>
        <source>From pairs of answers it learns a taste: what you corrected or praised becomes &lt;b&gt;more likely&lt;/b&gt;, what you turned down less.</source>
        <translation>答えの組から好みを学びます。あなたが直したものやほめたものは&lt;b&gt;出やすく&lt;/b&gt;、しりぞけたものは出にくくなります。</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>“{name}” is on the shelf</source>
        <translation>「{name}」を本棚に置きました</translation>
    </message>
    <message>
        <source>“{name}” is paused and saved</source>
        <translation>「{name}」を保存し、一時停止しました</translation>
    </message>
    <message>
        <source>“{name}” is read</source>
        <translation>「{name}」を読み終えました</translation>
    </message>
    <message>
        <source>Reading “{name}” was stopped; it can go on</source>
        <translation>「{name}」の読みこみを止めました。続きから再開できます</translation>
    </message>
    <message>
        <source>The test of {name} is done</source>
        <translation>{name}のテストが終わりました</translation>
    </message>
    <message>
        <source>This computer is measured</source>
        <translation>このパソコンを測り終えました</translation>
    </message>
    <message>
        <source>The texts of “{name}” are exported</source>
        <translation>「{name}」のテキストを書き出しました</translation>
    </message>
    <message>
        <source>“{name}” is written and tested</source>
        <translation>「{name}」を書き出し、確かめました</translation>
    </message>
    <message>
        <source>“{name}” holds nothing of the evaluation sets</source>
        <translation>「{name}」に評価セットの問題はありませんでした</translation>
    </message>
    <message>
        <source>“{name}” holds 1 text of the evaluation sets</source>
        <translation>「{name}」に評価セットの問題が1問あります</translation>
    </message>
    <message>
        <source>“{name}” holds {count} texts of the evaluation sets</source>
        <translation>「{name}」に評価セットの問題が{count}問あります</translation>
    </message>
    <message>
        <source>Schooling of {name}</source>
        <translation>{name}の歩み</translation>
    </message>
    <message>
        <source>{count} times</source>
        <translation>{count}回</translation>
    </message>
    <message>
        <source>The way ahead</source>
        <translation>これからの歩み</translation>
    </message>
    <message>
        <source>Terakoya</source>
        <translation>寺子屋</translation>
    </message>
</context>
<context>
    <name>Worth</name>
    <message>
        <source>Whether it was worth it cannot be told: “{name}” reaches {one} bits per byte on unseen text and the same training from nothing {two}, a difference within the noise (95 %: {low} to {high}).</source>
        <translation>価値があったかどうかは分かりません：見せていない文で「{name}」は1バイトあたり{one}ビット、ゼロからの同じ学習は{two}ビットで、差は誤差の範囲です（95 %で{low}〜{high}）。</translation>
    </message>
    <message>
        <source>It was not worth it here: from nothing the same training reaches {two} bits per byte on unseen text, better than the {one} of “{name}” (95 % of the difference: {low} to {high}).</source>
        <translation>ここでは価値がありませんでした：ゼロからの同じ学習は見せていない文で1バイトあたり{two}ビットで、「{name}」の{one}より良い成績です（差は95 %で{low}〜{high}）。</translation>
    </message>
    <message>
        <source>It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high}).</source>
        <translation>価値がありました：「{name}」は見せていない文で1バイトあたり{one}ビットで、ゼロからの同じ学習の{two}より{difference}良い成績です（95 %で{low}〜{high}）。</translation>
    </message>
    <message>
        <source>It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high}). It was as good as that before its first step, where the other took {whole}.</source>
        <translation>価値がありました：「{name}」は見せていない文で1バイトあたり{one}ビットで、ゼロからの同じ学習の{two}より{difference}良い成績です（95 %で{low}〜{high}）。ゼロからだと{whole}かかったところに、最初のステップの前からいました。</translation>
    </message>
    <message>
        <source>It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high}). It was as good as that after {time} and {steps} steps; the other took {whole}.</source>
        <translation>価値がありました：「{name}」は見せていない文で1バイトあたり{one}ビットで、ゼロからの同じ学習の{two}より{difference}良い成績です（95 %で{low}〜{high}）。{time}・{steps}ステップで追いつき、ゼロからでは{whole}かかりました。</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count}分</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count}秒</translation>
    </message>
</context>
<context>
    <name>WorthCard</name>
    <message>
        <source>Was it worth it?</source>
        <translation>特化する価値はあったか</translation>
    </message>
    <message>
        <source>Compare with from scratch</source>
        <translation>ゼロからの学習とくらべる</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>By steps: the same text was read</source>
        <translation>ステップでくらべる：読んだ文章は同じ</translation>
    </message>
    <message>
        <source>By the time that it took</source>
        <translation>かかった時間でくらべる</translation>
    </message>
    <message>
        <source>Both curves on unseen text, in bits per byte</source>
        <translation>見せていない文での両方の曲線（ビット/バイト）</translation>
    </message>
    <message>
        <source>The same text, the same number of steps, but from nothing: training this counterpart shows what it was good for to begin with a version.</source>
        <translation>同じ文章、同じステップ数で、ゼロから学習します。この相手をおくと、版をもとにした値打ちが分かります。</translation>
    </message>
    <message>
        <source>It takes about {time}.</source>
        <translation>約{time}かかります。</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>残り {time}</translation>
    </message>
    <message>
        <source>The counterpart “{name}” is being trained; then the two are compared here.</source>
        <translation>相手の「{name}」を学習しています。終わると、ここでくらべます。</translation>
    </message>
    <message>
        <source>The counterpart “{name}” is not finished: show it to go on with it.</source>
        <translation>相手の「{name}」は途中です。ひらいて続けてください。</translation>
    </message>
    <message>
        <source>as good as from scratch</source>
        <translation>ゼロからに追いついたところ</translation>
    </message>
</context>
<context>
    <name>_Delegate</name>
    <message>
        <source>New chat</source>
        <translation>新しい会話</translation>
    </message>
</context>
<context>
    <name>_Panel</name>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>これを使う</translation>
    </message>
    <message>
        <source>Use “{name}”</source>
        <translation>「{name}」を使う</translation>
    </message>
    <message>
        <source>Take “{name}” away</source>
        <translation>「{name}」を外す</translation>
    </message>
    <message>
        <source>{tokens} tokens here · vocabulary {vocabulary}</source>
        <translation>ここでは {tokens} トークン · 語彙 {vocabulary}</translation>
    </message>
    <message>
        <source>Bytes per token in this corpus: more is shorter</source>
        <translation>このコーパスでの一トークンあたりのバイト数。多いほど短く済みます</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日本語</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英語</translation>
    </message>
    <message>
        <source>{language} &lt;b&gt;{value}&lt;/b&gt; bytes/token</source>
        <translation>{language} &lt;b&gt;{value}&lt;/b&gt; バイト/トークン</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>まだ測っていません</translation>
    </message>
</context>
<context>
    <name>_Place</name>
    <message>
        <source>Nothing written yet</source>
        <translation>まだ何も書いていません</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>文章を写す</translation>
    </message>
</context>
<context>
    <name>_Turn</name>
    <message>
        <source>learnt</source>
        <translation>学ぶ</translation>
    </message>
    <message>
        <source>only read</source>
        <translation>読むだけ</translation>
    </message>
</context>
</TS>
